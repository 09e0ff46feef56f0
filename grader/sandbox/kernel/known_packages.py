"""Packages that exist, by the names that notebooks import: one of these that is missing is missing here.

A name that is not among them exists nowhere as far as anybody here can tell: `nmupy` is a typing error, and the
student's own. So are Python's own modules known (`winreg`, `tkinter`), and what a notebook has asked pip to install.
A name such as `utils` is that of a file beside the notebook, which was not handed in.
"""

from __future__ import annotations

import re
import sys

WITH_PARTS = frozenset(
    f"google.{part}" for part in ("colab", "cloud", "generativeai", "genai", "auth", "oauth2", "api_core")
)
"""Parts of a package of which other parts may be installed."""

NAMES = """
accelerate adjustText aif360 aiohttp albumentations alibi alive_progress altair ann_visualizer anthropic apex arch
arviz astropy attr attrs autograd autokeras autosklearn backtrader basemap bayes_opt beartype bitsandbytes black bokeh
boto3 bottleneck bqplot bs4 caffe camelot captum cartopy catalyst catboost category_encoders ccxt chainer chart_studio
chineseize_matplotlib chromadb cirq ckip_transformers ckiptagger cleanlab clearml click clip cloudpickle cmdstanpy
codecarbon colorama comet_ml contextily coremltools corner cuda cudf cufflinks cuml cupy cv2 cvxopt cvxpy cycler
cython d2l darts dash dask dataprep datasets datatable dcor deap decouple deepface deepspeed detectron2 dgl dice_ml
diffusers dill django dlib docx docx2txt dotenv dtreeviz duckdb easydict easyocr ee efficientnet einops eli5 emcee
emoji eofs evaluate face_recognition factor_analyzer fairlearn fairseq faiss faker fastai fastapi fastbook fastcore
fastprogress fasttext fbprophet featuretools feedparser ffmpeg filterpy findspark FinMind fiona fitz flair flaml flask
flax folium funcy fuzzywuzzy fvcore gast gdown gensim geopandas geopy ggplot git gluoncv gluonnlp gluonts google
googleapiclient GPUtil gradio graphviz gspread gspread_dataframe gtts gurobipy gym gymnasium h2o h5netcdf h5py haiku
hdbscan hiddenlayer hmmlearn holoviews html5lib httpx huggingface_hub hvplot hydra hyperopt hyperspy icecream ignite
imageio imageio_ffmpeg imblearn imgaug import_ipynb imutils interpret iopath ipdb ipycanvas ipyleaflet ipympl ipynb
ipyparallel ipyplot ipytest IPython ipython_genutils ipyvolume ipywidgets isort itables japanize_matplotlib jax jax_md
jaxlib jaxtyping jellyfish jieba joblib jovian joypy jupyter jupyter_contrib_nbextensions jupyter_dash jupyterlab
jupyterquiz jupyterthemes jupytext k3d kaggle kaggle_datasets kaggle_secrets kagglehub keras keras_applications
keras_contrib keras_core keras_cv keras_hub keras_nlp keras_ocr keras_preprocessing keras_radam keras_self_attention
keras_tcn keras_tuner keras_visualizer kerastuner klib kmodes koalas koreanize_matplotlib kornia langchain
langchain_community langchain_openai larq lazypredict Levenshtein librosa lifelines lightfm lightgbm lightning lime
line_profiler linearmodels livelossplot llama_index llvmlite lmfit loguru lxml matplotlib matplotlib_inline
matplotlib_venn mayavi mediapipe memory_profiler micrograd mimesis minisom missingno mlflow mlxtend mmcv mmdet modin
monai monpa moviepy mpl_toolkits mpld3 mplfinance mplfonts mxboard mxnet nb_black nbdev nbformat nbgrader nbimporter
neptune nest_asyncio netCDF4 netron networkx neupy neuralprophet nevergrad newspaper nglview nibabel nltk noisereduce
notebook nptyping numba numexpr numpy numpy_financial numpyro nvidia_smi oauth2client omegaconf onnx onnxruntime
open3d openai opencc opencv opendatasets openml openpyxl openvino opt_einsum optax optuna orjson ortools osmnx otter
paddle paddleocr pandarallel pandas pandas_datareader pandas_profiling pandas_ta pandasql pandoc papermill parallax
paramiko patsy pdfplumber peft pendulum pennylane pgmpy PIL pingouin pint playsound plot_keras_history plotly plotnine
pmdarima polars pomegranate portpicker pptx prettytable prince progressbar prophet psutil psycopg2 pudb pulp py3Dmol
py7zr pyarrow pyautogui pycaret pyclustering pycocotools pycuda pydantic pydicom pydot pydotplus pydrive pydrive2
pydub pyforest pygad pygame pyglet pygments pygraphviz pylab pyLDAvis pymc pymc3 pymongo pymysql pyngrok pynvml pyod
pyodbc pyomo pypdf PyPDF2 pyperclip pypinyin pyproj PyQt5 PyQt6 pyreadstat pyrender pyro PySide2 PySide6 pysnooper
pyspark pystan pyswarms pytesseract pytest python_speech_features pythreejs pytorch_forecasting pytorch_lightning pyts
pyttsx3 pytube pytz pyvista pywt pyxlsb qiskit ranger rapidfuzz rasterio ray rdkit regex rembg requests rich river
roboflow rouge_score ruptures safetensors sagemaker scienceplots scikeras scikit_posthocs scikitplot scipy seaborn
segment_anything segmentation_models segmentation_models_pytorch selenium sentence_transformers sentencepiece serial
shap shapely SimpleITK simplejson simpy skimage sklearn skopt skorch sktime skvideo snntorch snownlp sounddevice
soundfile spacy speech_recognition sqlalchemy squarify stable_baselines3 stanza starlette statsmodels streamlit stumpy
supervision surprise sweetviz swifter swig sympy tables tabula tabulate talib tbats tenacity tensorboard
tensorboard_plugin_profile tensorboardX tensorflow tensorflow_addons tensorflow_cloud tensorflow_datasets
tensorflow_decision_forests tensorflow_docs tensorflow_federated tensorflow_gan tensorflow_graphics tensorflow_hub
tensorflow_io tensorflow_metal tensorflow_model_analysis tensorflow_model_optimization tensorflow_privacy
tensorflow_probability tensorflow_quantum tensorflow_ranking tensorflow_recommenders tensorflow_similarity
tensorflow_text tensorly tensornetwork tensorrt termcolor textblob tf2onnx tf_agents tf_keras tf_slim tflearn tflite
tflite_model_maker tflite_runtime tfx theano thefuzz thinc thop tifffile tiktoken timm tinygrad tokenizers toolz torch
torch_geometric torch_optimizer torch_scatter torch_sparse torch_xla torchaudio torchinfo torchmetrics torchsummary
torchsummaryX torchtext torchtune torchvision torchviz tornado tpot tqdm transformers trax treelib trimesh trl tsfresh
tslearn tweepy twstock typeguard ujson ultralytics umap uncertainties unidecode utm uvicorn vaderSentiment vaex vega
velocyto visdom visualkeras visualtorch vpython vtk wandb watermark wget whisper widgetsnbextension wikipedia
wordcloud xarray xgboost xlrd xlsxwriter xlwt yaml ydata_profiling yellowbrick yfinance yolov5 youtube_dl yt_dlp zarr
zhconv zmq
"""

KNOWN_PACKAGES = frozenset(NAMES.split()) | WITH_PARTS | sys.stdlib_module_names

OWN_FILES = re.compile(
    r"(?:^|_)(?:my[a-z]*|utils?|helpers?|tools?|functions?|funcs?|common|configs?|settings|models?|loss(?:es)?"
    r"|data(?:sets?)?|(?:data)?loaders?|layers?|activations?|metrics?|plot(?:s|ting)?|train(?:ing|er)?"
    r"|preprocess(?:ing)?|solutions?|answers?|networks?|nn|(?:public_?)?tests?|test_?cases?|unittests?|homework"
    r"|assignment|(?:lab|hw|homework|ex|exercise|week|part|assignment)_?[0-9]+)(?:$|_|[0-9])"
)
"""What people call a file of their own: it may well lie beside the notebook where that was written."""


def is_own_file(module: str) -> bool:
    """Say whether a module that is not here has the name of a file that was written for a notebook."""
    return OWN_FILES.search(re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", module).lower()) is not None
