import logging
from pythonjsonlogger import jsonlogger

handler = logging.StreamHandler()
handler.setFormatter(jsonlogger.JsonFormatter("%(levelname)s %(name)s %(message)s", timestamp=True))
logging.basicConfig(level=logging.INFO, handlers=[handler])
