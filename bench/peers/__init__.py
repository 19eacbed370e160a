"""What the service is compared with over HTTP: the least that aiohttp can do, and the same job with FastAPI."""
