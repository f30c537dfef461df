/// What a server said, over all of its lives: what it said once must be true ever after.
struct Witness {
    /// A run as the API shows it anywhere, without the words that are kept of a few runs only.
    struct SeenRun: Hashable {
        let parts: [JSONValue]

        init(_ run: JSONValue) {
            parts = ["at", "slot", "trigger", "outcome", "cause", "phase", "latency_ms"].map { run[$0] }
        }
    }

    private(set) var complaints: [String] = []
    /// By health check.
    private(set) var runs: [String: Set<SeenRun>] = [:]
    /// What came by the stream.
    private(set) var events = 0
    /// Health check, instant in milliseconds, states.
    private(set) var transitions: Set<String> = []
    /// Notifications that were said to be delivered.
    private(set) var delivered: Set<String> = []
    private var views: [String: JSONValue] = [:]
    private let steady: Set<String>

    /// - Parameter steady: health checks that stay healthy or unhealthy once they are.
    init(steady: some Sequence<String>) {
        self.steady = Set(steady)
    }

    /// Every health check as it was shown.
    mutating func take(_ list: [JSONValue]) {
        for view in list {
            guard let id = view["id"].string else { continue }
            compare(view, with: views[id] ?? .null, id)
            views[id] = view
            take(run: view["last_run"], of: id)
        }
    }

    /// What the stream told.
    mutating func take(_ events: [EventStream.Event]) {
        self.events += events.count
        for event in events {
            let json = event.json
            switch event.type {
            case "run.completed": take(run: json["run"], of: json["health_check"].string ?? "")
            case "transition":
                transitions.insert(
                    "\(json["health_check"].string ?? "") \((json["at"].instant ?? 0) / 1_000) "
                        + "\(json["from"].string ?? "") \(json["to"].string ?? "")")
            case "delivery":
                if json["status"].string == "delivered", let id = json["notification"].string {
                    delivered.insert(id)
                }
            default: break
            }
        }
    }

    mutating func take(run: JSONValue, of healthCheck: String) {
        guard run != .null else { return }
        runs[healthCheck, default: []].insert(SeenRun(run))
    }

    private mutating func compare(_ view: JSONValue, with before: JSONValue, _ id: String) {
        if let since = view["since"].instant, let previous = before["since"].instant, since < previous {
            complaints.append("\(id) went back from \(before) to \(view)")
        }
        guard steady.contains(id), let state = before["state"].string,
            ["healthy", "unhealthy"].contains(state)
        else { return }
        for key in ["state", "since", "episode"] where view[key] != before[key] {
            complaints.append(
                "\(id), of a target that never changes: \(key) was \(before[key]), is \(view[key])")
        }
    }
}
