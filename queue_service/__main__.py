"""`python -m queue_service`: the product's command line."""

from queue_service.cli import main

if __name__ == "__main__":
    main(prog_name="kezek")
