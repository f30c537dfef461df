"""Starts what others watch with; each of their targets is an address, a port and a name."""

import grp

from stage import ACCOUNT, free_port

INTERVAL = 10
TIMEOUT = 5
PLUGIN = "/usr/lib/nagios/plugins/check_http"

BLACKBOX = f"""
modules:
  http_2xx: {{ prober: http, timeout: {TIMEOUT}s, http: {{ preferred_ip_protocol: ip4 }} }}
"""

PROMETHEUS = """
global: {{ scrape_interval: {interval}s, evaluation_interval: {interval}s }}
scrape_configs:
- job_name: probes
  metrics_path: /probe
  params: {{ module: [http_2xx] }}
  scrape_timeout: {timeout}s
  file_sd_configs: [{{ files: [targets.json] }}]
  relabel_configs:
  - {{ source_labels: [__address__], target_label: __param_target }}
  - {{ source_labels: [__param_target], target_label: instance }}
  - {{ target_label: __address__, replacement: "127.0.0.1:{blackbox}" }}
"""

ICINGA = f"""
const NodeName = "bench"
const MaxConcurrentChecks = 256
object CheckerComponent "checker" {{ }}
object CheckCommand "web" {{
  command = [ "{PLUGIN}", "-I", "$address$", "-p", "$port$", "-u", "$path$", "-t", "{TIMEOUT}" ]
}}
object CheckCommand "pass" {{ command = [ "/bin/true" ] }}
object Host "host" {{
  check_command = "pass"
  enable_active_checks = false
}}
"""

ICINGA_SERVICE = """
object Service "{name}" {{
  host_name = "host"
  check_command = "web"
  max_check_attempts = 1
  check_interval = {interval}s
  retry_interval = {interval}s
  vars.address = "{address}"
  vars.port = "{port}"
  vars.path = "/{name}"
}}
"""

NAGIOS = """
log_file={folder}/nagios.log
cfg_file={folder}/objects.cfg
object_cache_file={folder}/objects.cache
status_file={folder}/status
command_file={folder}/nagios.cmd
lock_file={folder}/nagios.pid
temp_file={folder}/nagios.tmp
temp_path={folder}
check_result_path={folder}/spool
query_socket={folder}/nagios.qh
state_retention_file={folder}/retention
interval_length=1
max_concurrent_checks=0
service_inter_check_delay_method=s
max_service_check_spread=1
execute_host_checks=0
use_syslog=0
check_for_updates=0
enable_environment_macros=0
use_large_installation_tweaks=1
"""

NAGIOS_OBJECTS = f"""
define command {{
  command_name web
  command_line {PLUGIN} -I $ARG1$ -p $ARG2$ -u $ARG3$ -t {TIMEOUT}
}}
define command {{
  command_name nothing
  command_line /bin/true
}}
define timeperiod {{
  timeperiod_name always
  alias always
  monday 00:00-24:00
  tuesday 00:00-24:00
  wednesday 00:00-24:00
  thursday 00:00-24:00
  friday 00:00-24:00
  saturday 00:00-24:00
  sunday 00:00-24:00
}}
define contact {{
  contact_name nobody
  host_notification_period always
  host_notification_commands nothing
  service_notification_period always
  service_notification_commands nothing
}}
define host {{
  host_name host
  address 127.0.0.1
  active_checks_enabled 0
  check_period always
  max_check_attempts 1
  contacts nobody
  notification_period always
}}
"""

NAGIOS_SERVICE = """
define service {{
  host_name host
  service_description {name}
  check_command web!{address}!{port}!/{name}
  check_interval {interval}
  retry_interval {interval}
  max_check_attempts 1
  check_period always
  contacts nobody
  notification_period always
}}
"""


def prometheus(stage, targets):
    blackbox, own = free_port(), free_port()
    urls = ", ".join(f'"http://{address}:{port}/{name}"' for address, port, name in targets)
    stage.write("targets.json", f'[{{"targets": [{urls}]}}]')
    stage.write("blackbox.yml", BLACKBOX)
    settings = PROMETHEUS.format(interval=INTERVAL, timeout=TIMEOUT + 1, blackbox=blackbox)
    stage.write("prometheus.yml", settings)
    exporter = ["prometheus-blackbox-exporter", "--config.file=blackbox.yml"]
    server = ["prometheus", "--config.file=prometheus.yml", "--storage.tsdb.path=tsdb"]
    return [
        stage.start(
            [*command, "--log.level=error", f"--web.listen-address=127.0.0.1:{port}"], f"{command[0]}.log"
        )
        for command, port in ((exporter, blackbox), (server, own))
    ]


def icinga(stage, targets):
    stage.write("icinga2.conf", ICINGA + _each(ICINGA_SERVICE, targets))
    stage.make("icinga")
    places = ("DataDir", "CacheDir", "LogDir", "InitRunDir", "SpoolDir", "ConfigDir")
    settings = [f"Configuration.{place}={stage.path('icinga')}" for place in places]
    group = grp.getgrgid(ACCOUNT.pw_gid).gr_name
    settings += [f"Configuration.RunAsUser={ACCOUNT.pw_name}", f"Configuration.RunAsGroup={group}"]
    words = [word for setting in settings for word in ("-D", setting)]
    return [stage.start(["icinga2", "daemon", *words, "-c", stage.path("icinga2.conf")], "icinga.log")]


def nagios(stage, targets):
    stage.write("objects.cfg", NAGIOS_OBJECTS + _each(NAGIOS_SERVICE, targets))
    stage.write("nagios.cfg", NAGIOS.format(folder=stage.folder))
    stage.make("spool")
    return [stage.start(["nagios4", stage.path("nagios.cfg")], "nagios.out")]


def _each(template, targets):
    return "".join(
        template.format(address=address, port=port, name=name, interval=INTERVAL)
        for address, port, name in targets
    )
