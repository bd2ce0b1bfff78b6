"""`interviewer app`: the page in the browser."""

import typer

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command()
def serve_page(
    host: str = typer.Option("", help="Address to listen on; another than this machine's own needs a password."),
    port: int = typer.Option(0, min=0, max=65535, help="Port; default 7860."),
) -> None:
    """Start the app in the browser and print its address. Ctrl-C stops it; interviews in progress are saved."""
    from interviewer.settings import read_settings
    from interviewer.web.serve import serve

    settings = read_settings()
    serve(settings.model_copy(update={"host": host or settings.host, "port": port or settings.port}))
