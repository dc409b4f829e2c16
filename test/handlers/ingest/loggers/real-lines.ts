/** A line that a logger wrote, and the entry that it must become: JSON without the id. */
export interface RealLine {
  logger: string;
  line: string;
  entry: string;
}

/** Loggers were run on a host named web-1, in /srv/shop, unless it says otherwise. Each line is followed by its entry. */
const TEXT = String.raw`
# pino 10.4.0
{"level":30,"time":1795891696251,"pid":8883,"hostname":"web-1","order":7,"at":{"shop":"a"},"msg":"paid"}
{"datetime":"2026-11-28T18:48:16.251Z","severity":"info","message":"paid","attributes":{"pid":8883,"hostname":"web-1","order":7,"at":{"shop":"a"}}}
{"level":50,"time":1795891696252,"pid":8883,"hostname":"web-1","err":{"type":"TypeError","message":"card declined","stack":"TypeError: card declined\n    at charge (file:///srv/shop/node.mjs:6:27)\n    at fail (file:///srv/shop/node.mjs:7:25)\n    at file:///srv/shop/node.mjs:15:13\n    at ModuleJob.run (node:internal/modules/esm/module_job:325:25)\n    at async ModuleLoader.import (node:internal/modules/esm/loader:606:24)\n    at async asyncRunEntryPointWithESMLoader (node:internal/modules/run_main:117:5)"},"msg":"charge failed"}
{"datetime":"2026-11-28T18:48:16.252Z","severity":"error","message":"charge failed","attributes":{"pid":8883,"hostname":"web-1","err":{"type":"TypeError","message":"card declined","stack":"TypeError: card declined\n    at charge (file:///srv/shop/node.mjs:6:27)\n    at fail (file:///srv/shop/node.mjs:7:25)\n    at file:///srv/shop/node.mjs:15:13\n    at ModuleJob.run (node:internal/modules/esm/module_job:325:25)\n    at async ModuleLoader.import (node:internal/modules/esm/loader:606:24)\n    at async asyncRunEntryPointWithESMLoader (node:internal/modules/run_main:117:5)"}}}
{"level":30,"time":1795891696253,"pid":8883,"hostname":"web-1","time":5.2,"url":"/x","msg":"request took"}
{"datetime":"2026-11-28T18:48:16.253Z","severity":"info","message":"request took","attributes":{"pid":8883,"hostname":"web-1","time":5.2,"url":"/x"}}
{"level":50,"time":1795891696281,"pid":8883,"hostname":"web-1","level":"gold","customer":7,"msg":"charge failed"}
{"datetime":"2026-11-28T18:48:16.281Z","severity":"error","message":"charge failed","attributes":{"pid":8883,"hostname":"web-1","level":"gold","customer":7}}
{"level":30,"time":1795891696281,"pid":8883,"hostname":"web-1","msg":"of the caller","msg":"of the logger"}
{"datetime":"2026-11-28T18:48:16.281Z","severity":"info","message":"of the caller","attributes":{"pid":8883,"hostname":"web-1","msg":"of the logger"}}
{"level":60,"time":1795891696281,"pid":8883,"hostname":"web-1","msg":"down"}
{"datetime":"2026-11-28T18:48:16.281Z","severity":"error","message":"down","attributes":{"level":60,"pid":8883,"hostname":"web-1"}}
{"level":30,"time":1795891696406,"pid":8883,"hostname":"web-1","order":7}
{"datetime":"2026-11-28T18:48:16.406Z","severity":"info","message":"{\"pid\":8883,\"hostname\":\"web-1\",\"order\":7}","attributes":{"pid":8883,"hostname":"web-1","order":7}}
# pino 10.4.0 with messageKey, unixTime and severity
{"severity":"FATAL","time":1795891696,"message":"down"}
{"datetime":"2026-11-28T18:48:16Z","severity":"error","message":"down","attributes":{"severity":"FATAL"}}
# pino-http 11.0.0
{"level":30,"time":1795891696702,"pid":8883,"hostname":"web-1","req":{"id":1,"method":"GET","url":"/x?y=1","headers":{"host":"127.0.0.1:44469","connection":"keep-alive","accept":"*/*","accept-language":"*","sec-fetch-mode":"cors","user-agent":"node","accept-encoding":"gzip, deflate"},"remoteAddress":"::ffff:127.0.0.1","remotePort":34086},"res":{"statusCode":200,"headers":{}},"responseTime":4,"msg":"request completed"}
{"datetime":"2026-11-28T18:48:16.702Z","severity":"info","message":"request completed","attributes":{"pid":8883,"hostname":"web-1","req":{"id":1,"method":"GET","url":"/x?y=1","headers":{"host":"127.0.0.1:44469","connection":"keep-alive","accept":"*/*","accept-language":"*","sec-fetch-mode":"cors","user-agent":"node","accept-encoding":"gzip, deflate"},"remoteAddress":"::ffff:127.0.0.1","remotePort":34086},"res":{"statusCode":200,"headers":{}},"responseTime":4}}
# @elastic/ecs-pino-format 1.5.0
{"log.level":"error","@timestamp":"2026-11-28T18:48:16.435Z","process.pid":8883,"host.hostname":"web-1","ecs.version":"8.10.0","error":{"type":"TypeError","message":"card declined","stack_trace":"TypeError: card declined\n    at charge (file:///srv/shop/node.mjs:6:27)\n    at fail (file:///srv/shop/node.mjs:7:25)\n    at file:///srv/shop/node.mjs:36:50\n    at ModuleJob.run (node:internal/modules/esm/module_job:325:25)\n    at async ModuleLoader.import (node:internal/modules/esm/loader:606:24)\n    at async asyncRunEntryPointWithESMLoader (node:internal/modules/run_main:117:5)"},"message":"charge failed"}
{"datetime":"2026-11-28T18:48:16.435Z","severity":"error","message":"charge failed","attributes":{"process.pid":8883,"host.hostname":"web-1","ecs.version":"8.10.0","error":{"type":"TypeError","message":"card declined","stack_trace":"TypeError: card declined\n    at charge (file:///srv/shop/node.mjs:6:27)\n    at fail (file:///srv/shop/node.mjs:7:25)\n    at file:///srv/shop/node.mjs:36:50\n    at ModuleJob.run (node:internal/modules/esm/module_job:325:25)\n    at async ModuleLoader.import (node:internal/modules/esm/loader:606:24)\n    at async asyncRunEntryPointWithESMLoader (node:internal/modules/run_main:117:5)"}}}
# winston 3.19.0 with timestamp() and json()
{"at":{"shop":"a"},"level":"info","message":"paid","order":7,"timestamp":"2026-11-28T18:48:17.504Z"}
{"datetime":"2026-11-28T18:48:17.504Z","severity":"info","message":"paid","attributes":{"at":{"shop":"a"},"order":7}}
{"level":"error","message":"charge failed card declined","stack":"TypeError: card declined\n    at charge (file:///srv/shop/node.mjs:6:27)\n    at fail (file:///srv/shop/node.mjs:7:25)\n    at file:///srv/shop/node.mjs:56:122","timestamp":"2026-11-28T18:48:17.525Z"}
{"datetime":"2026-11-28T18:48:17.525Z","severity":"error","message":"charge failed card declined","attributes":{"stack":"TypeError: card declined\n    at charge (file:///srv/shop/node.mjs:6:27)\n    at fail (file:///srv/shop/node.mjs:7:25)\n    at file:///srv/shop/node.mjs:56:122"}}
{"level":"info","message":"paid","timestamp":"2026-11-28T18:48:17.552+0000"}
{"datetime":"2026-11-28T18:48:17.552+00:00","severity":"info","message":"paid"}
# winston 3.19.0 with colorize()
{"level":"\u001b[31merror\u001b[39m","message":"charge failed","timestamp":"2026-11-28T18:48:17.528Z"}
{"datetime":"2026-11-28T18:48:17.528Z","severity":"error","message":"charge failed","attributes":{"level":"\u001b[31merror\u001b[39m"}}
# winston 3.19.0 with logstash()
{"@fields":{"level":"warn","order":7},"@message":"slow","@timestamp":"2026-11-28T18:48:17.616Z"}
{"datetime":"2026-11-28T18:48:17.616Z","severity":"warning","message":"slow","attributes":{"@fields":{"level":"warn","order":7}}}
# @elastic/ecs-winston-format 1.5.3
{"@timestamp":"2026-11-28T18:48:17.564Z","ecs.version":"8.10.0","error":{"message":"card declined","stack_trace":"TypeError: card declined\n    at charge (file:///srv/shop/node.mjs:6:27)\n    at fail (file:///srv/shop/node.mjs:7:25)\n    at file:///srv/shop/node.mjs:70:65","type":"TypeError"},"log.level":"error","message":"charge failed"}
{"datetime":"2026-11-28T18:48:17.564Z","severity":"error","message":"charge failed","attributes":{"ecs.version":"8.10.0","error":{"message":"card declined","stack_trace":"TypeError: card declined\n    at charge (file:///srv/shop/node.mjs:6:27)\n    at fail (file:///srv/shop/node.mjs:7:25)\n    at file:///srv/shop/node.mjs:70:65","type":"TypeError"}}}
# bunyan 2.0.5
{"name":"shop","hostname":"web-1","pid":8883,"level":50,"err":{"message":"card declined","name":"TypeError","stack":"TypeError: card declined\n    at charge (file:///srv/shop/node.mjs:6:27)\n    at fail (file:///srv/shop/node.mjs:7:25)\n    at file:///srv/shop/node.mjs:78:88"},"msg":"charge failed","time":"2026-11-28T18:48:17.736Z","v":0}
{"datetime":"2026-11-28T18:48:17.736Z","severity":"error","message":"charge failed","attributes":{"name":"shop","hostname":"web-1","pid":8883,"err":{"message":"card declined","name":"TypeError","stack":"TypeError: card declined\n    at charge (file:///srv/shop/node.mjs:6:27)\n    at fail (file:///srv/shop/node.mjs:7:25)\n    at file:///srv/shop/node.mjs:78:88"},"v":0}}
{"name":"shop","hostname":"web-1","pid":10081,"level":30,"time":5.2,"msg":"request took","url":"/x","v":0}
{"datetime":"1970-01-01T00:00:05.2Z","severity":"info","message":"request took","attributes":{"name":"shop","hostname":"web-1","pid":10081,"url":"/x","v":0}}
{"name":"shop","hostname":"web-1","pid":8883,"level":30,"order":7,"msg":"","time":"2026-11-28T18:48:17.736Z","v":0}
{"datetime":"2026-11-28T18:48:17.736Z","severity":"info","message":"{\"name\":\"shop\",\"hostname\":\"web-1\",\"pid\":8883,\"order\":7,\"v\":0}","attributes":{"name":"shop","hostname":"web-1","pid":8883,"order":7,"msg":"","v":0}}
# consola 3.4.2 with a reporter that writes JSON
{"date":"2026-11-28T18:48:17.969Z","args":["paid",{"order":7}],"type":"info","level":3,"tag":""}
{"datetime":"2026-11-28T18:48:17.969Z","severity":"info","message":"paid {\"order\":7}","attributes":{"args":["paid",{"order":7}],"type":"info","level":3,"tag":""}}
{"date":"2026-11-28T18:48:17.970Z","args":["slow"],"type":"warn","level":1,"tag":""}
{"datetime":"2026-11-28T18:48:17.970Z","severity":"warning","message":"slow","attributes":{"args":["slow"],"type":"warn","level":1,"tag":""}}
{"date":"2026-11-28T18:48:17.970Z","args":["charge failed"],"type":"error","level":0,"tag":""}
{"datetime":"2026-11-28T18:48:17.970Z","severity":"error","message":"charge failed","attributes":{"args":["charge failed"],"type":"error","level":0,"tag":""}}
# roarr 7.21.7
{"context":{"order":7},"message":"paid","sequence":"0","time":1795891698019,"version":"2.0.0"}
{"datetime":"2026-11-28T18:48:18.019Z","severity":"info","message":"paid","attributes":{"context":{"order":7},"sequence":"0","version":"2.0.0"}}
{"context":{"order":7,"logLevel":40},"message":"slow","sequence":"2","time":1795891698020,"version":"2.0.0"}
{"datetime":"2026-11-28T18:48:18.02Z","severity":"warning","message":"slow","attributes":{"context":{"order":7,"logLevel":40},"sequence":"2","version":"2.0.0"}}
{"context":{"program":"shop","time":5,"logLevel":30},"message":"child","sequence":"7","time":1795891698020,"version":"2.0.0"}
{"datetime":"2026-11-28T18:48:18.02Z","severity":"info","message":"child","attributes":{"context":{"program":"shop","time":5,"logLevel":30},"sequence":"7","version":"2.0.0"}}
# tslog 5.1.0
{"message":"slow","level":"WARN","levelId":4,"time":"2026-11-28T18:48:18.184Z","_logMeta":{"v":5,"runtime":"node","runtimeVersion":"20.20.2","hostname":"web-1","date":"2026-11-28T18:48:18.184Z","logLevelId":4,"logLevelName":"WARN","name":"shop"}}
{"datetime":"2026-11-28T18:48:18.184Z","severity":"warning","message":"slow","attributes":{"levelId":4,"_logMeta":{"v":5,"runtime":"node","runtimeVersion":"20.20.2","hostname":"web-1","date":"2026-11-28T18:48:18.184Z","logLevelId":4,"logLevelName":"WARN","name":"shop"}}}
{"message":"down","level":"FATAL","levelId":6,"time":"2026-11-28T18:48:18.204Z","_logMeta":{"v":5,"runtime":"node","runtimeVersion":"20.20.2","hostname":"web-1","date":"2026-11-28T18:48:18.204Z","logLevelId":6,"logLevelName":"FATAL","name":"shop"}}
{"datetime":"2026-11-28T18:48:18.204Z","severity":"error","message":"down","attributes":{"level":"FATAL","levelId":6,"_logMeta":{"v":5,"runtime":"node","runtimeVersion":"20.20.2","hostname":"web-1","date":"2026-11-28T18:48:18.204Z","logLevelId":6,"logLevelName":"FATAL","name":"shop"}}}
{"level":"INFO","levelId":3,"time":"2026-11-28T18:48:18.213Z","order":7,"_logMeta":{"v":5,"runtime":"node","runtimeVersion":"20.20.2","hostname":"web-1","date":"2026-11-28T18:48:18.213Z","logLevelId":3,"logLevelName":"INFO","name":"shop"}}
{"datetime":"2026-11-28T18:48:18.213Z","severity":"info","message":"{\"levelId\":3,\"order\":7,\"_logMeta\":{\"v\":5,\"runtime\":\"node\",\"runtimeVersion\":\"20.20.2\",\"hostname\":\"web-1\",\"date\":\"2026-11-28T18:48:18.213Z\",\"logLevelId\":3,\"logLevelName\":\"INFO\",\"name\":\"shop\"}}","attributes":{"levelId":3,"order":7,"_logMeta":{"v":5,"runtime":"node","runtimeVersion":"20.20.2","hostname":"web-1","date":"2026-11-28T18:48:18.213Z","logLevelId":3,"logLevelName":"INFO","name":"shop"}}}
# log4js 6.9.1 with log4js-json-layout 2.2.3
{"startTime":"2026-11-28T18:48:18.579Z","categoryName":"default","level":"INFO","data":"paid","order":7}
{"datetime":"2026-11-28T18:48:18.579Z","severity":"info","message":"paid","attributes":{"categoryName":"default","order":7}}
{"startTime":"2026-11-28T18:48:18.590Z","categoryName":"default","level":"ERROR","data":"charge failed TypeError: card declined\n    at charge (file:///srv/shop/node.mjs:6:27)\n    at fail (file:///srv/shop/node.mjs:7:25)\n    at file:///srv/shop/node.mjs:111:133"}
{"datetime":"2026-11-28T18:48:18.590Z","severity":"error","message":"charge failed TypeError: card declined\n    at charge (file:///srv/shop/node.mjs:6:27)\n    at fail (file:///srv/shop/node.mjs:7:25)\n    at file:///srv/shop/node.mjs:111:133","attributes":{"categoryName":"default"}}
# log4js 6.9.1 with a layout of JSON.stringify
{"startTime":"2026-11-28T18:48:18.591Z","categoryName":"raw","data":["slow",{"order":7}],"level":{"level":30000,"levelStr":"WARN","colour":"yellow"},"context":{},"pid":8883}
{"datetime":"2026-11-28T18:48:18.591Z","severity":"warning","message":"slow {\"order\":7}","attributes":{"categoryName":"raw","data":["slow",{"order":7}],"level":{"level":30000,"levelStr":"WARN","colour":"yellow"},"context":{},"pid":8883}}
{"startTime":"2026-11-28T19:13:59.509Z","categoryName":"raw","data":[{"url":"/x","time":5.2}],"level":{"level":30000,"levelStr":"WARN","colour":"yellow"},"context":{},"pid":28397}
{"datetime":"2026-11-28T19:13:59.509Z","severity":"warning","message":"{\"url\":\"/x\",\"time\":5.2}","attributes":{"categoryName":"raw","data":[{"url":"/x","time":5.2}],"level":{"level":30000,"levelStr":"WARN","colour":"yellow"},"context":{},"pid":28397}}
# @aws-lambda-powertools/logger 2.36.0
{"level":"INFO","message":"took","timestamp":"2026-11-28T18:48:18.831Z","service":"shop","sampling_rate":0,"time":5.2}
{"datetime":"2026-11-28T18:48:18.831Z","severity":"info","message":"took","attributes":{"service":"shop","sampling_rate":0,"time":5.2}}
# @nestjs/common 12.5.1 with json
{"level":"error","pid":8883,"timestamp":1795891699773,"message":"charge failed","context":"Shop","stack":"TypeError: card declined\n    at charge (file:///srv/shop/node.mjs:6:27)\n    at fail (file:///srv/shop/node.mjs:7:25)\n    at file:///srv/shop/node.mjs:129:59"}
{"datetime":"2026-11-28T18:48:19.773Z","severity":"error","message":"charge failed","attributes":{"pid":8883,"context":"Shop","stack":"TypeError: card declined\n    at charge (file:///srv/shop/node.mjs:6:27)\n    at fail (file:///srv/shop/node.mjs:7:25)\n    at file:///srv/shop/node.mjs:129:59"}}
{"level":"log","pid":8883,"timestamp":1795891699774,"message":{"order":7},"context":"Shop"}
{"datetime":"2026-11-28T18:48:19.774Z","severity":"info","message":"{\"order\":7}","attributes":{"level":"log","pid":8883,"message":{"order":7},"context":"Shop"}}
# @logtape/logtape 2.4.2
{"@timestamp":"2026-11-28T18:48:19.870Z","level":"ERROR","message":"charge failed","logger":"shop.cart","properties":{"error":{"name":"TypeError","message":"card declined","stack":"TypeError: card declined\n    at charge (file:///srv/shop/node.mjs:6:27)\n    at fail (file:///srv/shop/node.mjs:7:25)\n    at file:///srv/shop/node.mjs:136:133"}}}
{"datetime":"2026-11-28T18:48:19.870Z","severity":"error","message":"charge failed","attributes":{"logger":"shop.cart","properties":{"error":{"name":"TypeError","message":"card declined","stack":"TypeError: card declined\n    at charge (file:///srv/shop/node.mjs:6:27)\n    at fail (file:///srv/shop/node.mjs:7:25)\n    at file:///srv/shop/node.mjs:136:133"}}}}
# effect 4.1.0 with consoleJson
{"message":["slow",{"order":7}],"level":"WARN","timestamp":"2026-11-28T18:48:21.074Z","annotations":{"shop":"a"},"spans":{},"fiberId":"#1"}
{"datetime":"2026-11-28T18:48:21.074Z","severity":"warning","message":"slow {\"order\":7}","attributes":{"message":["slow",{"order":7}],"annotations":{"shop":"a"},"spans":{},"fiberId":"#1"}}
# bole 6.0.12
{"time":"2026-11-28T18:48:21.097Z","hostname":"web-1","pid":8883,"level":"error","name":"shop","message":"charge failed","err":{"name":"TypeError","message":"card declined","stack":"TypeError: card declined\n    at charge (file:///srv/shop/node.mjs:6:27)\n    at fail (file:///srv/shop/node.mjs:7:25)\n    at file:///srv/shop/node.mjs:149:200"}}
{"datetime":"2026-11-28T18:48:21.097Z","severity":"error","message":"charge failed","attributes":{"hostname":"web-1","pid":8883,"name":"shop","err":{"name":"TypeError","message":"card declined","stack":"TypeError: card declined\n    at charge (file:///srv/shop/node.mjs:6:27)\n    at fail (file:///srv/shop/node.mjs:7:25)\n    at file:///srv/shop/node.mjs:149:200"}}}
# python-json-logger 2.0.1 with timestamp=True
{"levelname": "INFO", "name": "t", "message": null, "order": 7, "event": "paid", "timestamp": "2026-11-28T18:40:28.997909+00:00"}
{"datetime":"2026-11-28T18:40:28.997909+00:00","severity":"info","message":"paid","attributes":{"name":"t","message":null,"order":7}}
{"levelname": "INFO", "name": "t", "message": "took", "time": 5.2, "level": "gold", "timestamp": "2026-11-28T18:40:28.997957+00:00", "msg2": 1}
{"datetime":"2026-11-28T18:40:28.997957+00:00","severity":"info","message":"took","attributes":{"name":"t","time":5.2,"level":"gold","msg2":1}}
# python-json-logger 4.2.0 with timestamp=True
{"levelname": "INFO", "name": "t", "message": "", "order": 7, "event": "paid", "timestamp": "2026-11-28T18:43:59.745303+00:00"}
{"datetime":"2026-11-28T18:43:59.745303+00:00","severity":"info","message":"paid","attributes":{"name":"t","message":"","order":7}}
# python-json-logger 2.0.1 with asctime, its zone and levelno
{"asctime": "2026-11-28T18:40:28+0000", "levelno": 30, "name": "z", "message": "slow: 812 ms"}
{"datetime":"2026-11-28T18:40:28+00:00","severity":"warning","message":"slow: 812 ms","attributes":{"levelno":30,"name":"z"}}
# python-json-logger 2.0.1 with created and levelno
{"created": 1795891228.9999611, "levelno": 50, "filename": "app.py", "funcName": "use", "message": "down"}
{"datetime":"2026-11-28T18:40:28.9999611Z","severity":"error","message":"down","attributes":{"levelno":50,"filename":"app.py","funcName":"use"}}
{"created": 1795891229.0000463, "levelno": 20, "filename": "app.py", "funcName": "use", "message": "took", "time": 5.2, "level": "gold", "timestamp": "never", "msg2": 1}
{"datetime":"2026-11-28T18:40:29.0000463Z","severity":"info","message":"took","attributes":{"levelno":20,"filename":"app.py","funcName":"use","time":5.2,"level":"gold","timestamp":"never","msg2":1}}
# structlog 22.3.0
{"message": "of the caller", "event": "down", "level": "critical", "timestamp": "2026-11-28T18:40:29.107047Z"}
{"datetime":"2026-11-28T18:40:29.107047Z","severity":"error","message":"of the caller","attributes":{"event":"down","level":"critical"}}
{"event": "slow", "level_number": 30, "timestamp": "2026-11-28T18:40:29.108001Z"}
{"datetime":"2026-11-28T18:40:29.108001Z","severity":"warning","message":"slow","attributes":{"level_number":30}}
# structlog 26.1.0
{"event": "charge failed", "level": "error", "exception": [{"exc_type": "ValueError", "exc_value": "card declined", "exc_notes": [], "syntax_error": null, "is_cause": false, "frames": [{"filename": "/srv/shop/app2.py", "lineno": 28, "name": "tr", "locals": {}}, {"filename": "/srv/shop/app2.py", "lineno": 3, "name": "charge", "locals": {}}], "is_group": false, "exceptions": []}], "timestamp": "2026-11-28T18:43:59.909703Z"}
{"datetime":"2026-11-28T18:43:59.909703Z","severity":"error","message":"charge failed","attributes":{"exception":[{"exc_type":"ValueError","exc_value":"card declined","exc_notes":[],"syntax_error":null,"is_cause":false,"frames":[{"filename":"/srv/shop/app2.py","lineno":28,"name":"tr","locals":{}},{"filename":"/srv/shop/app2.py","lineno":3,"name":"charge","locals":{}}],"is_group":false,"exceptions":[]}]}}
{"time": 5.2, "event": "took", "level": "info", "timestamp": "2026-11-28T18:43:59.909775Z"}
{"datetime":"2026-11-28T18:43:59.909775Z","severity":"info","message":"took","attributes":{"time":5.2}}
# loguru 0.6.0 with serialize=True
{"text": "2026-11-28 18:40:29.152 | WARNING  | __main__:<module>:60 - slow: 812 ms\n", "record": {"elapsed": {"repr": "0:00:00.015349", "seconds": 0.015349}, "exception": null, "extra": {"order": 7}, "file": {"name": "app.py", "path": "/srv/shop/app.py"}, "function": "<module>", "level": {"icon": "⚠️", "name": "WARNING", "no": 30}, "line": 60, "message": "slow: 812 ms", "module": "app", "name": "__main__", "process": {"id": 2880, "name": "MainProcess"}, "thread": {"id": 140443407032384, "name": "MainThread"}, "time": {"repr": "2026-11-28 18:40:29.152678+00:00", "timestamp": 1795891229.152678}}}
{"datetime":"2026-11-28T18:40:29.152678Z","severity":"warning","message":"slow: 812 ms","attributes":{"text":"2026-11-28 18:40:29.152 | WARNING  | __main__:<module>:60 - slow: 812 ms\n","record":{"elapsed":{"repr":"0:00:00.015349","seconds":0.015349},"exception":null,"extra":{"order":7},"file":{"name":"app.py","path":"/srv/shop/app.py"},"function":"<module>","level":{"icon":"⚠️","name":"WARNING","no":30},"line":60,"message":"slow: 812 ms","module":"app","name":"__main__","process":{"id":2880,"name":"MainProcess"},"thread":{"id":140443407032384,"name":"MainThread"},"time":{"repr":"2026-11-28 18:40:29.152678+00:00","timestamp":1795891229.152678}}}}
# loguru 0.7.3 with serialize=True
{"text": "2026-11-28 18:44:00.012 | ERROR    | __main__:<module>:38 - charge failed\nTraceback (most recent call last):\n\n> File \"/srv/shop/app2.py\", line 37, in <module>\n    try: charge()\n         └ <function charge at 0x7f4d197359e0>\n\n  File \"/srv/shop/app2.py\", line 3, in charge\n    def charge(): raise ValueError('card declined')\n        └ <function charge at 0x7f4d197359e0>\n\nValueError: card declined\n", "record": {"elapsed": {"repr": "0:00:00.057083", "seconds": 0.057083}, "exception": {"type": "ValueError", "value": "card declined", "traceback": true}, "extra": {}, "file": {"name": "app2.py", "path": "/srv/shop/app2.py"}, "function": "<module>", "level": {"icon": "❌", "name": "ERROR", "no": 40}, "line": 38, "message": "charge failed", "module": "app2", "name": "__main__", "process": {"id": 5741, "name": "MainProcess"}, "thread": {"id": 139969127893888, "name": "MainThread"}, "time": {"repr": "2026-11-28 18:44:00.012796+00:00", "timestamp": 1795891440.012796}}}
{"datetime":"2026-11-28T18:44:00.012796Z","severity":"error","message":"charge failed","attributes":{"text":"2026-11-28 18:44:00.012 | ERROR    | __main__:<module>:38 - charge failed\nTraceback (most recent call last):\n\n> File \"/srv/shop/app2.py\", line 37, in <module>\n    try: charge()\n         └ <function charge at 0x7f4d197359e0>\n\n  File \"/srv/shop/app2.py\", line 3, in charge\n    def charge(): raise ValueError('card declined')\n        └ <function charge at 0x7f4d197359e0>\n\nValueError: card declined\n","record":{"elapsed":{"repr":"0:00:00.057083","seconds":0.057083},"exception":{"type":"ValueError","value":"card declined","traceback":true},"extra":{},"file":{"name":"app2.py","path":"/srv/shop/app2.py"},"function":"<module>","level":{"icon":"❌","name":"ERROR","no":40},"line":38,"message":"charge failed","module":"app2","name":"__main__","process":{"id":5741,"name":"MainProcess"},"thread":{"id":139969127893888,"name":"MainThread"},"time":{"repr":"2026-11-28 18:44:00.012796+00:00","timestamp":1795891440.012796}}}}
{"text": "2026-11-28 18:44:00.012 | SUCCESS  | __main__:<module>:36 - done\n", "record": {"elapsed": {"repr": "0:00:00.056965", "seconds": 0.056965}, "exception": null, "extra": {}, "file": {"name": "app2.py", "path": "/srv/shop/app2.py"}, "function": "<module>", "level": {"icon": "✅", "name": "SUCCESS", "no": 25}, "line": 36, "message": "done", "module": "app2", "name": "__main__", "process": {"id": 5741, "name": "MainProcess"}, "thread": {"id": 139969127893888, "name": "MainThread"}, "time": {"repr": "2026-11-28 18:44:00.012678+00:00", "timestamp": 1795891440.012678}}}
{"datetime":"2026-11-28T18:44:00.012678Z","severity":"info","message":"done","attributes":{"text":"2026-11-28 18:44:00.012 | SUCCESS  | __main__:<module>:36 - done\n","record":{"elapsed":{"repr":"0:00:00.056965","seconds":0.056965},"exception":null,"extra":{},"file":{"name":"app2.py","path":"/srv/shop/app2.py"},"function":"<module>","level":{"icon":"✅","name":"SUCCESS","no":25},"line":36,"message":"done","module":"app2","name":"__main__","process":{"id":5741,"name":"MainProcess"},"thread":{"id":139969127893888,"name":"MainThread"},"time":{"repr":"2026-11-28 18:44:00.012678+00:00","timestamp":1795891440.012678}}}}
# zap 1.23.0
{"level":"error","ts":1795891701.190396,"caller":"go/main.go:8","msg":"charge failed","error":"card declined","stacktrace":"main.main\n\t/srv/shop/go/main.go:8\nruntime.main\n\t/usr/lib/go-1.19/src/runtime/proc.go:250"}
{"datetime":"2026-11-28T18:48:21.190396Z","severity":"error","message":"charge failed","attributes":{"caller":"go/main.go:8","error":"card declined","stacktrace":"main.main\n\t/srv/shop/go/main.go:8\nruntime.main\n\t/usr/lib/go-1.19/src/runtime/proc.go:250"}}
{"level":"info","ts":1795891701.194041,"caller":"go/main.go:9","msg":"took","ts":5.2,"level":"gold","msg":"mine"}
{"datetime":"2026-11-28T18:48:21.194041Z","severity":"info","message":"took","attributes":{"caller":"go/main.go:9","ts":5.2,"level":"gold","msg":"mine"}}
{"level":"info","ts":1795891701.1941059,"caller":"go/main.go:10","msg":"twice","user":1,"user":2}
{"datetime":"2026-11-28T18:48:21.1941059Z","severity":"info","message":"twice","attributes":{"caller":"go/main.go:10","user":1,"user":2}}
# zap 1.23.0 with EpochNanos and colours
{"level":"\u001b[33mWARN\u001b[0m","ts":1795891701194262435,"caller":"go/main.go:12","msg":"slow"}
{"datetime":"2026-11-28T18:48:21.194262435Z","severity":"warning","message":"slow","attributes":{"level":"\u001b[33mWARN\u001b[0m","caller":"go/main.go:12"}}
# zap 1.23.0 with EpochMillis and numbers
{"level":1,"ts":1795891701194.3027,"caller":"go/main.go:13","msg":"slow"}
{"datetime":"2026-11-28T18:48:21.1943027Z","severity":"warning","message":"slow","attributes":{"level":1,"caller":"go/main.go:13"}}
{"level":2,"ts":1795891701194.3127,"caller":"go/main.go:13","msg":"charge failed","stacktrace":"main.main\n\t/srv/shop/go/main.go:13\nruntime.main\n\t/usr/lib/go-1.19/src/runtime/proc.go:250"}
{"datetime":"2026-11-28T18:48:21.1943127Z","severity":"error","message":"charge failed","attributes":{"level":2,"caller":"go/main.go:13","stacktrace":"main.main\n\t/srv/shop/go/main.go:13\nruntime.main\n\t/usr/lib/go-1.19/src/runtime/proc.go:250"}}
# zerolog 1.26.1
{"level":"error","error":"card declined","time":"2026-11-28T18:48:21Z","message":"charge failed"}
{"datetime":"2026-11-28T18:48:21Z","severity":"error","message":"charge failed","attributes":{"error":"card declined"}}
{"level":"info","time":5.2,"level":"gold","message":"mine","time":"2026-11-28T18:48:21Z","message":"took"}
{"datetime":"2026-11-28T18:48:21Z","severity":"info","message":"mine","attributes":{"time":5.2,"level":"gold","message":"took"}}
{"level":"warn","time":1795891701194,"caller":"/srv/shop/go/main.go:16","message":"slow"}
{"datetime":"2026-11-28T18:48:21.194Z","severity":"warning","message":"slow","attributes":{"caller":"/srv/shop/go/main.go:16"}}
# logrus 1.9.0
{"fields.level":"gold","fields.msg":"mine","fields.time":5.2,"level":"info","msg":"took","time":"2026-11-28T18:48:21Z"}
{"datetime":"2026-11-28T18:48:21Z","severity":"info","message":"took","attributes":{"fields.level":"gold","fields.msg":"mine","fields.time":5.2}}
# hclog 0.11.0
{"@level":"error","@message":"charge failed","@module":"shop","@timestamp":"2026-11-28T18:48:21.194531Z","error":"card declined"}
{"datetime":"2026-11-28T18:48:21.194531Z","severity":"error","message":"charge failed","attributes":{"@module":"shop","error":"card declined"}}
# tracing-subscriber 0.3.16 with json()
{"timestamp":"2026-11-28T18:48:21.596650Z","level":"INFO","fields":{"message":"took","time":5.2,"level":"gold"},"target":"shop","span":{"user":5,"name":"checkout"},"spans":[{"user":5,"name":"checkout"}]}
{"datetime":"2026-11-28T18:48:21.596650Z","severity":"info","message":"took","attributes":{"fields":{"message":"took","time":5.2,"level":"gold"},"target":"shop","span":{"user":5,"name":"checkout"},"spans":[{"user":5,"name":"checkout"}]}}
{"timestamp":"2026-11-28T18:48:21.596713Z","level":"ERROR","fields":{"order":7},"target":"shop","span":{"user":5,"name":"checkout"},"spans":[{"user":5,"name":"checkout"}]}
{"datetime":"2026-11-28T18:48:21.596713Z","severity":"error","message":"{\"order\":7}","attributes":{"fields":{"order":7},"target":"shop","span":{"user":5,"name":"checkout"},"spans":[{"user":5,"name":"checkout"}]}}
# logback 1.2.11 with logstash-logback-encoder 7.2
{"@timestamp":"2026-11-28T18:48:23.12Z","@version":"1","message":"charge failed","logger_name":"shop","thread_name":"main","level":"ERROR","level_value":40000,"stack_trace":"java.lang.IllegalStateException: card declined\n\tat App.charge(App.java:3)\n\tat App.fail(App.java:4)\n\tat App.main(App.java:13)\n","order":"7"}
{"datetime":"2026-11-28T18:48:23.12Z","severity":"error","message":"charge failed","attributes":{"@version":"1","logger_name":"shop","thread_name":"main","level_value":40000,"stack_trace":"java.lang.IllegalStateException: card declined\n\tat App.charge(App.java:3)\n\tat App.fail(App.java:4)\n\tat App.main(App.java:13)\n","order":"7"}}
{"@timestamp":"2026-11-28T18:48:23.138Z","@version":"1","message":"gold","logger_name":"shop","thread_name":"main","level":"INFO","level_value":20000,"order":"7","level":"gold","message":"mine"}
{"datetime":"2026-11-28T18:48:23.138Z","severity":"info","message":"gold","attributes":{"@version":"1","logger_name":"shop","thread_name":"main","level_value":20000,"order":"7","level":"gold","message":"mine"}}
# log4j2 2.19.0 with JsonLayout compact
{"instant":{"epochSecond":1795891707,"nanoOfSecond":181051381},"thread":"main","level":"ERROR","loggerName":"shop","message":"charge failed","thrown":{"commonElementCount":0,"localizedMessage":"card declined","message":"card declined","name":"java.lang.IllegalStateException","extendedStackTrace":[{"class":"App","method":"charge","file":"App.java","line":3,"exact":false,"location":"java/","version":"?"},{"class":"App","method":"fail","file":"App.java","line":4,"exact":false,"location":"java/","version":"?"},{"class":"App","method":"main","file":"App.java","line":9,"exact":false,"location":"java/","version":"?"}]},"endOfBatch":false,"loggerFqcn":"org.apache.logging.log4j.spi.AbstractLogger","contextMap":{"order":"7"},"threadId":1,"threadPriority":5}
{"datetime":"2026-11-28T18:48:27.181051381Z","severity":"error","message":"charge failed","attributes":{"thread":"main","loggerName":"shop","thrown":{"commonElementCount":0,"localizedMessage":"card declined","message":"card declined","name":"java.lang.IllegalStateException","extendedStackTrace":[{"class":"App","method":"charge","file":"App.java","line":3,"exact":false,"location":"java/","version":"?"},{"class":"App","method":"fail","file":"App.java","line":4,"exact":false,"location":"java/","version":"?"},{"class":"App","method":"main","file":"App.java","line":9,"exact":false,"location":"java/","version":"?"}]},"endOfBatch":false,"loggerFqcn":"org.apache.logging.log4j.spi.AbstractLogger","contextMap":{"order":"7"},"threadId":1,"threadPriority":5}}
# monolog 2.9.1
{"message":"down","context":{},"level":600,"level_name":"EMERGENCY","channel":"shop","datetime":"2026-11-28T19:48:21.323708+01:00","extra":{}}
{"datetime":"2026-11-28T19:48:21.323708+01:00","severity":"error","message":"down","attributes":{"context":{},"level":600,"level_name":"EMERGENCY","channel":"shop","extra":{}}}
{"@timestamp":"2026-11-28T19:48:21.323786+01:00","@version":1,"host":"web-1","message":"slow","type":"shop","channel":"shop","level":"WARNING","monolog_level":300}
{"datetime":"2026-11-28T19:48:21.323786+01:00","severity":"warning","message":"slow","attributes":{"@version":1,"host":"web-1","type":"shop","channel":"shop","monolog_level":300}}
{"message":"charge failed","context":{"exception":{"class":"RuntimeException","message":"card declined","code":0,"file":"/srv/shop/php/app.php:4"}},"channel":"shop","extra":{},"severity":"ERROR","time":"2026-11-28T19:48:21.323+01:00"}
{"datetime":"2026-11-28T19:48:21.323+01:00","severity":"error","message":"charge failed","attributes":{"context":{"exception":{"class":"RuntimeException","message":"card declined","code":0,"file":"/srv/shop/php/app.php:4"}},"channel":"shop","extra":{}}}
# Ruby 3.1 Logger with to_json
{"severity":"WARN","time":"2026-11-28 19:48:21 +0100","progname":"shop","message":"slow"}
{"datetime":"2026-11-28T19:48:21+01:00","severity":"warning","message":"slow","attributes":{"progname":"shop"}}
{"severity":"ANY","time":"2026-11-28 19:48:21 +0100","progname":null,"message":"x"}
{"datetime":"2026-11-28T19:48:21+01:00","severity":"info","message":"x","attributes":{"severity":"ANY","progname":null}}
# slog of golang.org/x/exp 2022-10-28
{"time":"2026-11-28T22:42:47.587084616Z","level":"INFO","msg":"paid","order":7}
{"datetime":"2026-11-28T22:42:47.587084616Z","severity":"info","message":"paid","attributes":{"order":7}}
{"time":"2026-11-28T22:42:47.588205554Z","level":"WARN","msg":"slow","took":812}
{"datetime":"2026-11-28T22:42:47.588205554Z","severity":"warning","message":"slow","attributes":{"took":812}}
{"time":"2026-11-28T22:42:47.58821982Z","level":"ERROR","msg":"charge failed","order":7,"err":"card declined"}
{"datetime":"2026-11-28T22:42:47.58821982Z","severity":"error","message":"charge failed","attributes":{"order":7,"err":"card declined"}}
# nginx 1.22.1 with escape=json
{"id":"bf7a53971c773fc7642c30fb20a421e3","time":1795905662.732,"severity":"info","message":"GET /shop?q=a%22b 200","host":"127.0.0.1","client":"127.0.0.1","bytes":2,"duration":0.000,"agent":"say \"hi\" \\ ü"}
{"datetime":"2026-11-28T22:41:02.732Z","severity":"info","message":"GET /shop?q=a%22b 200","attributes":{"host":"127.0.0.1","client":"127.0.0.1","bytes":2,"duration":0.000,"agent":"say \"hi\" \\ ü"}}
{"id":"daa990919c3dece8b26a759966af61ae","time":1795905662.891,"severity":"warning","message":"GET /gone 404","host":"127.0.0.1","client":"127.0.0.1","bytes":153,"duration":0.000,"agent":"curl/7.88.1"}
{"datetime":"2026-11-28T22:41:02.891Z","severity":"warning","message":"GET /gone 404","attributes":{"host":"127.0.0.1","client":"127.0.0.1","bytes":153,"duration":0.000,"agent":"curl/7.88.1"}}
{"id":"142933716d59d370acf9883cf91f8921","time":1795905663.059,"severity":"error","message":"GET /down 503","host":"127.0.0.1","client":"127.0.0.1","bytes":197,"duration":0.000,"agent":"curl/7.88.1"}
{"datetime":"2026-11-28T22:41:03.059Z","severity":"error","message":"GET /down 503","attributes":{"host":"127.0.0.1","client":"127.0.0.1","bytes":197,"duration":0.000,"agent":"curl/7.88.1"}}
{"id":"83abda69dc4d241a044cbe4befdc7645","time":1795905663.138,"severity":"warning","message":"  400","host":"","client":"127.0.0.1","bytes":157,"duration":0.021,"agent":""}
{"datetime":"2026-11-28T22:41:03.138Z","severity":"warning","message":"  400","attributes":{"host":"","client":"127.0.0.1","bytes":157,"duration":0.021,"agent":""}}
# PostgreSQL 15.18 with jsonlog
{"timestamp":"2026-11-28 22:41:13.506 UTC","pid":29298,"session_id":"6b0b5889.7272","line_num":5,"session_start":"2026-11-28 22:41:13 UTC","txid":0,"error_severity":"LOG","message":"database system is ready to accept connections","backend_type":"postmaster","query_id":0}
{"datetime":"2026-11-28T22:41:13.506Z","severity":"info","message":"database system is ready to accept connections","attributes":{"pid":29298,"session_id":"6b0b5889.7272","line_num":5,"session_start":"2026-11-28 22:41:13 UTC","txid":0,"error_severity":"LOG","backend_type":"postmaster","query_id":0}}
{"timestamp":"2026-11-28 22:41:13.992 UTC","user":"postgres","dbname":"postgres","pid":29317,"remote_host":"127.0.0.1","remote_port":45048,"session_id":"6b0b5889.7285","line_num":1,"ps":"SELECT","session_start":"2026-11-28 22:41:13 UTC","vxid":"3/2","txid":0,"error_severity":"ERROR","state_code":"22012","message":"division by zero","statement":"select 1/0","application_name":"psql","backend_type":"client backend","query_id":0}
{"datetime":"2026-11-28T22:41:13.992Z","severity":"error","message":"division by zero","attributes":{"user":"postgres","dbname":"postgres","pid":29317,"remote_host":"127.0.0.1","remote_port":45048,"session_id":"6b0b5889.7285","line_num":1,"ps":"SELECT","session_start":"2026-11-28 22:41:13 UTC","vxid":"3/2","txid":0,"state_code":"22012","statement":"select 1/0","application_name":"psql","backend_type":"client backend","query_id":0}}
{"timestamp":"2026-11-28 22:41:14.385 UTC","user":"postgres","dbname":"postgres","pid":29329,"remote_host":"127.0.0.1","remote_port":45054,"session_id":"6b0b588a.7291","line_num":1,"ps":"DO","session_start":"2026-11-28 22:41:14 UTC","vxid":"3/4","txid":0,"error_severity":"WARNING","state_code":"01000","message":"slow: 812 ms","context":"PL/pgSQL function inline_code_block line 1 at RAISE","application_name":"psql","backend_type":"client backend","query_id":0}
{"datetime":"2026-11-28T22:41:14.385Z","severity":"warning","message":"slow: 812 ms","attributes":{"user":"postgres","dbname":"postgres","pid":29329,"remote_host":"127.0.0.1","remote_port":45054,"session_id":"6b0b588a.7291","line_num":1,"ps":"DO","session_start":"2026-11-28 22:41:14 UTC","vxid":"3/4","txid":0,"state_code":"01000","context":"PL/pgSQL function inline_code_block line 1 at RAISE","application_name":"psql","backend_type":"client backend","query_id":0}}
{"timestamp":"2026-11-28 22:41:14.390 UTC","user":"postgres","dbname":"postgres","pid":29329,"remote_host":"127.0.0.1","remote_port":45054,"session_id":"6b0b588a.7291","line_num":2,"ps":"DO","session_start":"2026-11-28 22:41:14 UTC","vxid":"3/4","txid":0,"error_severity":"LOG","message":"paid","context":"PL/pgSQL function inline_code_block line 1 at RAISE","statement":"do $$ begin raise warning 'slow: 812 ms'; raise log 'paid'; end $$","application_name":"psql","backend_type":"client backend","query_id":0}
{"datetime":"2026-11-28T22:41:14.390Z","severity":"info","message":"paid","attributes":{"user":"postgres","dbname":"postgres","pid":29329,"remote_host":"127.0.0.1","remote_port":45054,"session_id":"6b0b588a.7291","line_num":2,"ps":"DO","session_start":"2026-11-28 22:41:14 UTC","vxid":"3/4","txid":0,"error_severity":"LOG","context":"PL/pgSQL function inline_code_block line 1 at RAISE","statement":"do $$ begin raise warning 'slow: 812 ms'; raise log 'paid'; end $$","application_name":"psql","backend_type":"client backend","query_id":0}}
{"timestamp":"2026-11-28 22:41:14.753 UTC","user":"postgres","dbname":"nope","pid":29337,"remote_host":"127.0.0.1","remote_port":33818,"session_id":"6b0b588a.7299","line_num":1,"ps":"startup","session_start":"2026-11-28 22:41:14 UTC","vxid":"3/5","txid":0,"error_severity":"FATAL","state_code":"3D000","message":"database \"nope\" does not exist","backend_type":"client backend","query_id":0}
{"datetime":"2026-11-28T22:41:14.753Z","severity":"error","message":"database \"nope\" does not exist","attributes":{"user":"postgres","dbname":"nope","pid":29337,"remote_host":"127.0.0.1","remote_port":33818,"session_id":"6b0b588a.7299","line_num":1,"ps":"startup","session_start":"2026-11-28 22:41:14 UTC","vxid":"3/5","txid":0,"error_severity":"FATAL","state_code":"3D000","backend_type":"client backend","query_id":0}}
{"timestamp":"2026-11-28 22:41:15.141 UTC","user":"postgres","dbname":"postgres","pid":29343,"remote_host":"127.0.0.1","remote_port":33826,"session_id":"6b0b588b.729f","line_num":1,"ps":"SELECT","session_start":"2026-11-28 22:41:15 UTC","vxid":"3/0","txid":0,"error_severity":"LOG","message":"duration: 21.743 ms  statement: set log_min_duration_statement=0; select pg_sleep(0.01)","application_name":"psql","backend_type":"client backend","query_id":0}
{"datetime":"2026-11-28T22:41:15.141Z","severity":"info","message":"duration: 21.743 ms  statement: set log_min_duration_statement=0; select pg_sleep(0.01)","attributes":{"user":"postgres","dbname":"postgres","pid":29343,"remote_host":"127.0.0.1","remote_port":33826,"session_id":"6b0b588b.729f","line_num":1,"ps":"SELECT","session_start":"2026-11-28 22:41:15 UTC","vxid":"3/0","txid":0,"error_severity":"LOG","application_name":"psql","backend_type":"client backend","query_id":0}}
# JsonConsole of .NET, from its source
{"Timestamp":"2026-11-28T18:48:25.1234567\u002B00:00","EventId":0,"LogLevel":"Information","Category":"Shop.Checkout","Message":"paid 7","State":{"Message":"paid 7","Order":7,"{OriginalFormat}":"paid {Order}"}}
{"datetime":"2026-11-28T18:48:25.1234567+00:00","severity":"info","message":"paid 7","attributes":{"EventId":0,"LogLevel":"Information","Category":"Shop.Checkout","State":{"Message":"paid 7","Order":7,"{OriginalFormat}":"paid {Order}"}}}
{"Timestamp":"2026-11-28T18:48:25.1234568\u002B00:00","EventId":20,"LogLevel":"Critical","Category":"Shop.Checkout","Message":"down","Exception":"System.InvalidOperationException: card declined    at Shop.Checkout.Pay()","State":{"Message":"down","{OriginalFormat}":"down"},"Scopes":[{"Message":"order 7","Order":7}]}
{"datetime":"2026-11-28T18:48:25.1234568+00:00","severity":"error","message":"down","attributes":{"EventId":20,"LogLevel":"Critical","Category":"Shop.Checkout","Exception":"System.InvalidOperationException: card declined    at Shop.Checkout.Pay()","State":{"Message":"down","{OriginalFormat}":"down"},"Scopes":[{"Message":"order 7","Order":7}]}}
# RenderedCompactJsonFormatter of Serilog, from its documentation
{"@t":"2026-11-28T18:48:25.1234567Z","@m":"Hello, \"nblumhardt\"","@i":"7a8b9c0d","User":"nblumhardt"}
{"datetime":"2026-11-28T18:48:25.1234567Z","severity":"info","message":"Hello, \"nblumhardt\"","attributes":{"@i":"7a8b9c0d","User":"nblumhardt"}}
{"@t":"2026-11-28T18:48:25.1234568Z","@m":"charge failed","@i":"7a8b9c0e","@l":"Error","@x":"System.InvalidOperationException: card declined\n   at Shop.Checkout.Pay()","Order":7}
{"datetime":"2026-11-28T18:48:25.1234568Z","severity":"error","message":"charge failed","attributes":{"@i":"7a8b9c0e","@x":"System.InvalidOperationException: card declined\n   at Shop.Checkout.Pay()","Order":7}}
# CompactJsonFormatter of Serilog, from its documentation
{"@t":"2026-11-28T18:48:25.1234569Z","@mt":"Hello, {User}","@l":"Warning","User":"nblumhardt"}
{"datetime":"2026-11-28T18:48:25.1234569Z","severity":"warning","message":"Hello, {User}","attributes":{"User":"nblumhardt"}}
`;

export const REAL_LINES: RealLine[] = TEXT.split(/^# /m)
  .slice(1)
  .flatMap((part) => {
    const [logger = '', ...lines] = part.trim().split('\n');
    return lines.flatMap((line, n) => (n % 2 ? [] : [{ logger, line, entry: lines[n + 1] ?? '' }]));
  });
