import NIOCore
import VitalsCore
import VitalsEngine

/// Passes when a TCP connection can be had: `db1.example.com:5432`, `tcp://[::1]:5432`.
struct TCPProbe: Probe {
    let kind = ProbeKind.tcp
    let endpoint: String
    private let target: ProbeTarget
    private let loops: NetworkLoops

    init(parsing text: String, loops: NetworkLoops) throws(TargetError) {
        let rest = text.lowercased().hasPrefix("tcp://") ? String(text.dropFirst(6)) : text
        let (host, port) = try HostAndPort.parse(rest)
        guard let port else { throw TargetError("no port: expected host:port, such as db1.example.com:5432") }
        let endpoint = Endpoint.host(host, port: port)
        self.endpoint = endpoint.description
        self.loops = loops
        target = ProbeTarget(endpoint)
    }

    var address: String { endpoint }
    var identity: String { "tcp \(endpoint)" }

    func start(
        _ job: ProbeJob, done: @escaping @Sendable (ProbeResult) -> Void
    ) -> ProbeCancellation {
        ProbeConnection.start(target, TCPDialogue(), timeout: job.timeout, on: loops.current, done: done)
    }

    /// The form for the registry.
    static func form(on loops: NetworkLoops) -> ProbeForm {
        let fields = [Field("address", .target, isRequired: true, "host:port to connect to")]
        return ProbeForm(kind: .tcp, schemes: ["tcp"], fields: fields) {
            (settings: Settings) throws(TargetError) -> any Probe in
            try TCPProbe(parsing: settings.text("address") ?? "", loops: loops)
        }
    }
}

/// Nothing is said: the connection is all.
struct TCPDialogue: ProbeDialogue {
    mutating func opened() -> [ProbeStep] { [.pass()] }
    mutating func received(_ input: inout ByteBuffer) -> [ProbeStep] { [] }
}

extension ProbeKind {
    static let tcp = ProbeKind("tcp", isDatabase: false)
}
