"""Replies to its own cell without saying how it ended, as every client relies on. Expected: zero"""
kernel = get_ipython().kernel
parent, ident = kernel.get_parent("shell"), kernel._shell_parent_ident.get()
kernel.session.send(kernel.shell_stream, "execute_reply", {}, parent, ident=ident)
kernel.shell_stream.flush()


def double(x):
    return x + 0.123
