import VitalsCore

/// What is said of the program itself.
extension GatusReading {
    mutating func server(_ web: ImportSource?) {
        let address = text(web?["address"], to: "server: listen")
        let port = number(web?["port"], in: 1...65_535, to: "server: listen")
        let tls = listenerTLS(web?["tls"])
        if let web, address != nil || port != nil || tls != nil {
            let host = address ?? "0.0.0.0"
            let bracketed = host.contains(":") ? "[\(host)]" : host
            var server: JSON = ["listen": .string("\(bracketed):\(port ?? 8_080)")]
            if let tls { server = server.with([("tls", tls)]) }
            if let refusal = refusal(of: ["server": server]), !refusal.hasVariables {
                return ledger.drop(web, "is no address to listen at: \(refusal.message)")
            }
            add("server", server)
            if !["127.0.0.1", "::1"].contains(host), let source = web["address"] ?? web["port"] {
                ledger.note(
                    .changed, source,
                    "beyond this machine Vitals listens with API_TOKEN in its environment, or with --insecure"
                )
            }
        }
        if let size = web?["read-buffer-size"], !size.isEmpty {
            ledger.drop(size, "how much of a request is read is not to be set")
        }
    }

    /// Nothing unless both files are named.
    private mutating func listenerTLS(_ source: ImportSource?) -> JSON? {
        guard let source, !source.isEmpty else { return nil }
        let files = (source["certificate-file"], source["private-key-file"])
        guard files.0?.isEmpty == false, files.1?.isEmpty == false else {
            ledger.drop(source, "TLS takes certificate-file and private-key-file, and one is missing")
            return nil
        }
        guard let certificate = text(files.0, to: "server: tls.certificate"),
            let key = text(files.1, to: "server: tls.key")
        else { return nil }
        return ["certificate": .string(certificate), "key": .string(key)]
    }

    mutating func connectivity(_ source: ImportSource?) {
        let checker = source?["checker"]
        guard let target = checker?["target"], let address = text(target, to: "connectivity: targets") else {
            return
        }
        let connectivity: JSON = ["targets": [.string("tcp://\(address)")]]
        if let refusal = refusal(of: ["connectivity": connectivity]), !refusal.hasVariables {
            ledger.drop(target, "is nothing that can be connected to: \(refusal.message)")
        } else {
            add("connectivity", connectivity)
            ledger.note(
                .changed, target,
                "is asked only where a run failed to reach its target, which then tells nothing of that")
        }
        if let interval = checker?["interval"], !interval.isEmpty {
            ledger.drop(interval, "there is none: it is asked when it matters")
        }
    }

    mutating func rest(of root: ImportSource) {
        for (key, message) in Self.withoutCounterpart {
            if let part = root[key], !part.isEmpty { ledger.drop(part, message) }
        }
        if let metrics = root["metrics"], !metrics.isEmpty {
            ledger.note(
                .changed, metrics, "metrics are always at /metrics, under other names: docs/metrics.md")
        }
        if let skips = root["skip-invalid-config-update"], !skips.isEmpty {
            ledger.note(
                .changed, skips, "is always so: a configuration that is wrong changes nothing, and is told")
        }
    }

    private static let withoutCounterpart = [
        (
            "storage",
            "history is kept in the data folder (--data), and by time: see `storage` in docs/configuration.md"
        ),
        ("security", "there are no pages yet; the API asks for the API_TOKEN of its environment"),
        ("ui", "there are no pages yet"), ("announcements", "there are no pages yet"),
        (
            "maintenance",
            "maintenance windows are not there yet: what happens is told at any time"
        ),
        ("suites", "there are no suites; a script can do their steps as an `exec` check"),
        ("remote", "what another node watches is not shown here"),
        ("tunneling", "there are no SSH tunnels: run Vitals where the targets can be reached"),
        (
            "concurrency",
            "no check waits for another; MAX_CONCURRENT_HEALTH_CHECKS in the environment is the limit"
        ),
        ("disable-monitoring-lock", "no check waits for another"),
        ("debug", "is the flag --log-level debug"),
    ]
}
