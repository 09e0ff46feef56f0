"""A provisioner of jupyter_client: the forkserver forks its kernels, and nbclient drives them like any other kernel.

A kernel manager has the socket of the forkserver in `forkserver`.
"""

from __future__ import annotations

import asyncio
import json
from importlib.metadata import EntryPoint
from typing import IO, TYPE_CHECKING, Any

from jupyter_client.provisioning.factory import KernelProvisionerFactory
from jupyter_client.provisioning.local_provisioner import LocalProvisioner

from grader.sandbox.child import Child, ask_for_child

if TYPE_CHECKING:
    from jupyter_client.connect import KernelConnectionInfo

NAME = "labgrader-forked"
FORK_SECONDS = 60.0
"""How long the forkserver may take, with its imports, before the launch is given up."""


class ForkedProvisioner(LocalProvisioner):
    """Asks the manager's forkserver for the process instead of starting one."""

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:  # noqa: ANN401 (jupyter's)
        """Have a kernel forked; `cmd` is the command that would start it, with the policy and the arguments.

        Raises OSError where the forkserver has exited, does not answer or can fork no more.
        """
        policy, *arguments = cmd[cmd.index("grader.sandbox.kernel.begin") + 1 :]
        request = {"type": "kernel", "policy": policy, "arguments": arguments, "environment": kwargs["env"]}
        errors: IO[bytes] = kwargs["stderr"]
        child = ask_for_child(vars(self.parent)["forkserver"], json.dumps(request).encode(), [errors.fileno()])
        process: Any = child
        self.process = process
        try:
            async with asyncio.timeout(FORK_SECONDS):  # Python 3.11's wait_for may forget that it was cancelled
                await _has_begun(child)
        except TimeoutError as error:
            raise OSError("the forkserver does not answer") from error
        if not child.pid:
            raise OSError("the forkserver forked no process")
        self.pid = self.pgid = child.pid
        return self.connection_info


def known_provisioner() -> str:
    """Make the provisioner known to jupyter_client, and return its name.

    An installed package would do that by an entry point; the grader also runs from a folder, as in Gradescope's zip.
    """
    group = KernelProvisionerFactory.GROUP_NAME
    entry = EntryPoint(NAME, f"{__name__}:{ForkedProvisioner.__name__}", group)
    KernelProvisionerFactory.instance().provisioners[NAME] = entry
    return NAME


async def _has_begun(child: Child) -> None:
    while not child.has_begun():
        await readable(child)


async def readable(child: Child) -> None:
    """Wait until there is news of a child."""
    loop = asyncio.get_running_loop()
    ready = asyncio.Event()
    loop.add_reader(child, ready.set)
    try:
        await ready.wait()
    finally:
        loop.remove_reader(child)
