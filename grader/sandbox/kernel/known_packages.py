"""Packages that exist, by the names that notebooks import: one of these that is missing is missing here.

A name that is not among them exists nowhere as far as anybody here can tell: `nmupy` is a typing error, and the
student's own. So are Python's own modules known (`winreg`, `tkinter`), and what a notebook has asked pip to install.
"""

from __future__ import annotations

import sys

WITH_PARTS = frozenset({"google.colab", "google.cloud", "google.generativeai", "google.genai"})
"""Parts of a package of which other parts may be installed."""

NAMES = """
accelerate aiohttp albumentations altair anthropic arviz astropy attr attrs autograd bitsandbytes black bokeh boto3
bottleneck bs4 caffe cartopy catboost category_encoders chainer chart_studio chromadb click clip cloudpickle cmdstanpy
colorama contextily cuda cudf cufflinks cuml cupy cv2 cvxopt cvxpy cycler cython d2l dash dask datasets datatable deap
deepspeed dgl diffusers dill django docx dotenv duckdb easydict ee efficientnet einops emoji evaluate face_recognition
faiss fastai fastapi fastbook fastcore fasttext featuretools filterpy flask flax folium funcy gast gdown gensim
geopandas geopy ggplot git gluoncv gluonnlp google gradio graphviz gspread gym gymnasium h5py haiku holoviews httpx
huggingface_hub hvplot hydra hyperopt imageio imageio_ffmpeg imblearn imgaug imutils interpret ipycanvas ipyleaflet
ipympl ipyplot IPython ipython_genutils ipywidgets isort itables jax jax_md jaxlib jieba joblib jovian joypy jupyter
jupyter_dash jupyterlab jupyterthemes jupytext kaggle kaggle_datasets kaggle_secrets keras keras_core keras_cv
keras_hub keras_nlp keras_preprocessing keras_radam keras_self_attention keras_tuner kerastuner kornia langchain
langchain_community langchain_openai lazypredict librosa lifelines lightfm lightgbm lightning lime line_profiler
llama_index llvmlite lxml matplotlib matplotlib_inline matplotlib_venn mediapipe memory_profiler missingno mlflow
mlxtend mmcv mmdet modin monai mpl_toolkits mpld3 mplfinance mxnet nb_black nbdev nbformat nbgrader neptune networkx
nibabel nltk noisereduce notebook numba numexpr numpy numpy_financial numpyro nvidia_smi omegaconf onnx onnxruntime
open3d openai opencv openml openpyxl optax optuna orjson osmnx otter paddle pandas pandas_datareader pandas_profiling
pandasql pandoc papermill parallax paramiko patsy peft pendulum PIL pint plotly plotnine pmdarima polars portpicker
pptx prettytable prophet psutil psycopg2 py7zr pyarrow pyautogui pycocotools pycuda pydantic pydicom pydot pydotplus
pygame pyglet pygments pygraphviz pylab pyLDAvis pymc pymc3 pymongo pymysql pynvml pyodbc pypdf PyPDF2 pyperclip PyQt5
PyQt6 pyro PySide2 PySide6 pyspark pystan pytesseract pytest python_speech_features pytorch_lightning pytube pytz
pyvista pywt ranger ray rdkit regex requests rich rouge_score safetensors sagemaker scienceplots scikeras scikitplot
scipy seaborn segmentation_models segmentation_models_pytorch selenium sentence_transformers sentencepiece serial shap
shapely simplejson simpy skimage sklearn skopt sktime snntorch sounddevice soundfile spacy speech_recognition
sqlalchemy squarify stable_baselines3 statsmodels streamlit surprise sweetviz swig sympy tables tabulate tensorboard
tensorboardX tensorflow tensorflow_addons tensorflow_datasets tensorflow_decision_forests tensorflow_hub tensorflow_io
tensorflow_model_optimization tensorflow_privacy tensorflow_probability tensorflow_text tensorly termcolor tf2onnx
tf_keras tf_slim tflearn tflite_runtime theano thop tifffile tiktoken timm tokenizers toolz torch torch_geometric
torch_scatter torch_sparse torch_xla torchaudio torchinfo torchmetrics torchsummary torchtext torchtune torchvision
torchviz tornado tqdm transformers trax treelib trl tsfresh tslearn tweepy typeguard ujson umap unidecode utm vega
velocyto visualkeras vpython wandb wget whisper widgetsnbextension wordcloud xarray xgboost xlrd xlsxwriter xlwt yaml
ydata_profiling yellowbrick yfinance youtube_dl yt_dlp zarr
"""

KNOWN_PACKAGES = frozenset(NAMES.split()) | WITH_PARTS | sys.stdlib_module_names
