<?php
use Monolog\Formatter\JsonFormatter;
use Monolog\Handler\StreamHandler;
use Monolog\Logger;

$handler = new StreamHandler('php://stderr');
$handler->setFormatter(new JsonFormatter());
$logger = new Logger('shop', [$handler]);
