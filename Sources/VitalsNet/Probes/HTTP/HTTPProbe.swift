import NIOCore
import VitalsCore
import VitalsEngine

/// Asks for a URL: `https://orders.example.com/health`. What it asks, and what is a good answer, is an
/// `HTTPPlan`; the settings that it is made of are in `HTTPProbe+Form.swift`.
struct HTTPProbe: Probe {
    let kind = ProbeKind.http
    let endpoint: String
    let address: String
    let identity: String
    let warnings: [String]
    private let plan: HTTPPlan
    /// Where one connection is all that a run ever takes.
    private let direct: HTTPRoute?
    private let loops: NetworkLoops

    init(_ plan: HTTPPlan, loops: NetworkLoops) {
        self.plan = plan
        self.loops = loops
        endpoint = plan.url.endpoint.description
        address = plan.url.redacted
        identity = plan.identity
        warnings = plan.warnings
        direct = plan.isDirect ? plan.route(of: plan.first) : nil
    }

    func observing(_ needs: ConditionNeeds) -> any Probe {
        HTTPProbe(plan.observing(needs), loops: loops)
    }

    func scrubbed(_ text: String) -> String {
        Scrubber(plan.allSecrets).scrub(text)
    }

    func start(
        _ job: ProbeJob, done: @escaping @Sendable (ProbeResult) -> Void
    ) -> ProbeCancellation {
        if let direct {
            return ProbeConnection.start(
                direct.target, direct.exchange, timeout: job.timeout, on: loops.current, done: done)
        }
        return HTTPRun.start(plan, timeout: job.timeout, on: loops.current) { result, _ in done(result) }
    }
}

extension ProbeKind {
    static let http = ProbeKind("http", isDatabase: false)
}

extension HTTPPlan {
    /// Everything that makes it another target when it changes, and nothing of how it is judged.
    var identity: String {
        var parts = [method, "\(url.origin)\(url.requestTarget)", tls.mode.rawValue]
        parts += headers.map { "header \($0.name) \($0.value)" }
        parts += [
            body.map { "body \($0)" }, credentials.identity,
            tls.authorities.map { "authorities \($0.written)" },
            tls.identity.map { "certificate \($0.written)" }, tls.serverName.map { "name \($0)" },
            proxy.map { "proxy \($0.endpoint) \($0.authorization?.revealed ?? "")" },
            version == .auto ? nil : "http2 \(version.rawValue)",
            redirects == 0 ? nil : "redirects \(redirects) \(allowsInsecureRedirects)",
            demand.decodes ? "decompress" : nil,
            family == .any ? nil : family.rawValue,
        ].compactMap(\.self)
        return "http " + parts.map { "\($0.utf8.count):\($0)" }.joined(separator: ",")
    }

    /// What goes over the wire for everybody to read.
    var warnings: [String] {
        var warnings: [String] = []
        func warn(_ what: String, _ url: HTTPURL) {
            guard !url.isSecure, !Loopback.contains(url.host) else { return }
            warnings.append("\(what) goes to \(url.origin) unencrypted")
        }
        switch credentials {
        case .none: break
        case .basic: warn("the password", url)
        case .bearer: warn("the token", url)
        case .oauth2(let settings):
            warn("the client's secret", settings.tokenURL)
            warn("the token", url)
        }
        return warnings
    }
}

extension HTTPCredentials {
    fileprivate var identity: String? {
        switch self {
        case .none: nil
        case .basic(let basic): "basic \(basic.authorization)"
        case .bearer(let secret): "bearer \(secret.revealed)"
        case .oauth2(let settings):
            [
                "oauth2", settings.tokenURL.origin + settings.tokenURL.requestTarget, settings.clientID,
                settings.clientSecret.revealed, settings.scopes.joined(separator: " "),
                settings.audience ?? "", settings.authentication.rawValue,
            ].map { "\($0.utf8.count):\($0)" }.joined(separator: ",")
        }
    }
}
