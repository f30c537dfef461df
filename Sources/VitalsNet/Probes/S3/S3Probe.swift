import NIOCore
import VitalsCore
import VitalsEngine

/// Lists one object of a bucket; if asked for, writes one and reads it back.
struct S3Probe: Probe {
    static let kind = ProbeKind("s3", isDatabase: false)

    var kind: ProbeKind { Self.kind }
    let endpoint: String
    let address: String
    let identity: String
    let warnings: [String]
    private let target: S3Target
    private let tls: TLSSettings
    /// The beginning of the name of what is written; nothing: nothing is.
    private let folder: String?
    private var prober: String
    private var needs: ConditionNeeds = []
    private var rules = S3Vitals.rules
    private let userAgent: String
    private let loops: NetworkLoops

    /// A list of one, and what was written, are far shorter.
    private static let bodyLimit = 64 << 10
    private static let usualFolder = "vitals/"

    init(_ settings: Settings, loops: NetworkLoops, userAgent: String) throws(TargetError) {
        let target = try S3Target(settings)
        tls = try TLSFields.read(settings)
        folder = try settings.option("write").map { write throws(TargetError) in
            try Self.folder(write.text("folder") ?? Self.usualFolder)
        }
        self.target = target
        self.userAgent = userAgent
        self.loops = loops
        endpoint = target.origin.endpoint.description
        address = target.address
        prober = ProberName.ofCommand(host: HostName.ofThisMachine, target: target.address)
        let signature = target.signature
        identity = IdentityText.of([
            "s3", target.address, "\(target.isPathStyle)", target.prefix, signature.accessKey,
            signature.secretKey.revealed, signature.sessionToken?.revealed ?? "", folder ?? "",
            tls.identityText,
        ])
        let isInClear =
            signature.sessionToken != nil && !target.origin.isSecure
            && !Loopback.contains(target.origin.host)
        warnings = isInClear ? ["the session token goes to \(target.origin.origin) unencrypted"] : []
    }

    private static func folder(_ text: String) throws(TargetError) -> String {
        let isPlain = text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
        guard isPlain, text.hasSuffix("/"), !text.hasPrefix("/"), !text.contains("//") else {
            throw TargetError("has a folder that is not written as vitals/", field: "write")
        }
        return text
    }

    func observing(_ needs: ConditionNeeds) -> any Probe {
        var probe = self
        probe.needs = needs
        return probe
    }

    func measuring(_ rules: [VitalRule]) -> any Probe {
        var probe = self
        probe.rules = rules
        return probe
    }

    func writing(as prober: String) -> any Probe {
        var probe = self
        probe.prober = ProberName.made(of: prober)
        return probe
    }

    func scrubbed(_ text: String) -> String { Scrubber(target.secrets).scrub(text) }

    func start(_ job: ProbeJob, done: @escaping @Sendable (ProbeResult) -> Void) -> ProbeCancellation {
        let loop = loops.current
        let now = loop.wall()
        do {
            return HTTPSequence.start(try steps(job, at: now), job, on: loop, done: done)
        } catch {
            // Every part was looked at when the target was.
            preconditionFailure(error.message)
        }
    }

    private func steps(_ job: ProbeJob, at now: Timestamp) throws(TargetError) -> [HTTPSequence.Step] {
        let due = job.due(rules)
        let query = [("list-type", "2"), ("max-keys", "1"), ("prefix", target.prefix)]
        let list = try target.request("GET", query: query, at: now)
        guard let folder else { return [step(.list, "GET", list, measuring: due, at: now)] }
        let (key, token) = (folder + prober, Nonce.make())
        let put = try target.request("PUT", key: key, body: token, at: now)
        let get = try target.request("GET", key: key, at: now)
        return [
            step(.list, "GET", list, at: now),
            step(.put, "PUT", put, body: token, as: .write, at: now),
            step(.get(token), "GET", get, as: .write, measuring: due, at: now),
        ]
    }

    private func step(
        _ step: S3Answer.Step, _ method: String, _ request: (url: HTTPURL, headers: [HTTPHeader]),
        body: String? = nil, as phase: Phase? = nil, measuring due: Set<String> = [], at now: Timestamp
    ) -> HTTPSequence.Step {
        var demand = HTTPDemand.whole(bodyLimit: Self.bodyLimit)
        demand.keeps.insert(.headers)
        let route = HTTPRoute(
            method: method, url: request.url, headers: request.headers, body: body, userAgent: userAgent,
            tls: tls, proxy: nil, version: .never, demand: demand, needs: needs, secrets: target.secrets)
        let region = target.signature.region
        let exchange = JudgedExchange(route.exchange, as: phase, measuring: due) { response in
            S3Answer.judge(response, of: step, region: region, at: now)
        }
        return HTTPSequence.Step(target: route.target, exchange: exchange)
    }

    /// The form for the registry.
    static func form(on loops: NetworkLoops, userAgent: String) -> ProbeForm {
        let fields =
            [
                Field("url", .target, isRequired: true, "the bucket: s3://host/bucket?region=eu-west-1"),
                Field("access_key", .text(upTo: 256), "who asks, where the URL has nobody"),
                Field("secret_key", .text(upTo: 256), isSecret: true, "the secret that signs requests"),
                Field(
                    "session_token", .text(upTo: 8_192), isSecret: true, "that of temporary credentials"),
                Field(
                    "write",
                    .option([
                        Field(
                            "folder", .text(upTo: 256), usual: usualFolder,
                            "the beginning of the name of the one object that each prober writes")
                    ]), usual: "false", "whether an object is written and read back"),
            ] + TLSFields.all
        return ProbeForm(
            kind: kind, schemes: S3Target.schemes, fields: fields,
            observes: [.always, .address, .certificate], facts: DeclaredFacts.s3,
            vitals: .known, rules: S3Vitals.rules
        ) {
            (settings: Settings) throws(TargetError) -> any Probe in
            try S3Probe(settings, loops: loops, userAgent: userAgent)
        }
    }
}
