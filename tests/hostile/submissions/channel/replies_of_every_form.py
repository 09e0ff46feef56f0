"""Replies to its own cells with every part missing or of another type, before its right answers. Expected: full"""
kernel = get_ipython().kernel


def reply(content, kind="execute_reply"):
    parent, ident = kernel.get_parent("shell"), kernel._shell_parent_ident.get()
    kernel.session.send(kernel.shell_stream, kind, content, parent, ident=ident)
    kernel.shell_stream.flush()


def nested(depth):
    return [nested(depth - 1)] if depth else "x"


reply({"status": "error"})
# %%
reply({"status": "error", "ename": nested(300), "evalue": {"x": 10**300}, "place": [1, 10**300]})
# %%
reply({"status": ["error"], "execution_count": "1"})
# %%
reply({"status": "error", "execution_count": True, "ename": None, "evalue": 1.5, "place": [-1, None]})
# %%
reply({"status": "ok", "payload": [{"source": "set_next_input", "text": "x", "replace": True}]})
# %%
reply({"status": None, "execution_count": 10**300, "user_expressions": nested(300)}, "ask_reply")
# %%
reply({"status": 1}, "")
# %%
reply({"execution_state": "idle"}, "status")
# %%
for kind in ("comm_open", "comm_msg", "update_display_data", "clear_output", "execute_input", "display_data", "error"):
    for content in ({}, {"data": None, "comm_id": []}, {"transient": {"display_id": []}}, {"execution_count": nested(9)}):
        kernel.session.send(kernel.iopub_socket, kind, content, kernel.get_parent("shell"))
# %%
for state in ("idle", "dead", None, [], {}):
    kernel.session.send(kernel.iopub_socket, "status", {"execution_state": state}, {"header": {"msg_id": "another"}})


def double(x):
    return 2 * x
