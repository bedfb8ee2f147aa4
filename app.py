"""Starts the playground: settings, service, page, server, and then the models in the background."""

import logging
import os
import sys

from playground.errors import PlaygroundError
from playground.serving import prepare, serve


def main() -> None:
    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    logging.getLogger("playground").setLevel(logging.INFO)
    prepare(os.environ)
    from playground.panels.stage import arrivals
    from playground.service.start import open_service, warm_up
    from playground.settings import Settings
    from playground.ui import build_app

    settings = Settings.from_environ(os.environ)
    service = open_service(settings)
    demo = build_app(service)
    print(f"Transformers Playground: {serve(demo, service, settings)}", flush=True)
    warm_up(service, settings, arrivals(demo))
    demo.block_thread()


if __name__ == "__main__":
    try:
        main()
    except PlaygroundError as error:
        sys.exit(str(error))
