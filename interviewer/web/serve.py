"""Opens the port and serves the page: loopback by default, foreign hosts and origins refused."""

from __future__ import annotations

import errno
import ipaddress
import socket

from interviewer.errors import PortTakenError, SettingsError
from interviewer.settings import Settings


def is_loopback(host: str) -> bool:
    """Whether an address or name means this machine alone."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def check_exposure(settings: Settings) -> None:
    """Refuse to listen beyond this machine without a password.

    Raises:
        SettingsError: the host is not a loopback address and no password is set.
    """
    if not is_loopback(settings.host) and settings.app_password is None:
        raise SettingsError(
            f"The app would be open to everybody who reaches {settings.host}.",
            where="host",
            next_step="Set INTERVIEWER_APP_PASSWORD (the user is interviewer), or leave the host at 127.0.0.1.",
        )


def check_port(settings: Settings) -> None:
    """Make sure that the port is free.

    Raises:
        PortTakenError: something listens there already.
        SettingsError: the address does not belong to this machine.
    """
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except PermissionError as error:
            what = f"Port {settings.port} is not allowed for you."
            raise SettingsError(what, where="port", next_step="Use one above 1023.") from error
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise SettingsError(f"{settings.host} is not an address of this machine.", where="host") from error
            raise PortTakenError(
                f"Port {settings.port} on {settings.host} is in use.",
                next_step=f"Stop what runs there, or start with --port {settings.port + 1}.",
            ) from error


def serve(settings: Settings) -> None:
    """Serve the page until interrupted; prints the address when it answers."""
    check_exposure(settings)
    check_port(settings)
    from interviewer.web.page import launch  # loads Gradio, seconds that the checks above need not wait for

    launch(settings)
