import Hummingbird
import VitalsEngine

/// `/livez` and `/healthz`: the process answers, and that is all that is asked.
struct LivenessController {
    func addRoutes(to router: Router<ServerContext>) {
        router.get("/livez", use: live)
        router.get("/healthz", use: live)
    }

    @Sendable private func live(_ request: Request, _ context: ServerContext) throws -> Response {
        let isVerbose = try Query(of: request)["verbose"] != nil
        return .plainText(isVerbose ? "[+]ping ok\nlivez check passed\n" : "ok\n")
    }
}

/// `/readyz`, as Kubernetes asks: the status decides, the text is for people.
struct ReadinessController {
    /// What may be asked for by itself.
    static let names = ["store", "configuration", "tls"]

    let backend: Backend
    let gate: Gate
    var certificate: ServerCertificate?

    func addRoutes(to router: Router<ServerContext>) {
        router.get("/readyz", use: ready)
        router.get("/readyz/{name}", use: one)
    }

    /// `?exclude=name` leaves an item out, as often as it is given; `?verbose` lists them.
    @Sendable private func ready(_ request: Request, _ context: ServerContext) throws -> Response {
        let query = try Query(of: request)
        let excluded = Set(query.all("exclude"))
        let items = items.filter { !excluded.contains($0.name) }
        let isReady = items.allSatisfy { $0.isReady || !$0.isDecisive }
        guard query["verbose"] != nil || !isReady else { return .plainText("ok\n") }
        let lines = items.map { line($0, isTrusted: gate.isTrusted(request)) }
        let verdict = isReady ? "readyz check passed" : "readyz check failed"
        return .plainText(
            (lines + [verdict, ""]).joined(separator: "\n"), status: isReady ? .ok : .serviceUnavailable)
    }

    /// One item, which then decides even if it decides nothing among the others.
    @Sendable private func one(_ request: Request, _ context: ServerContext) throws -> Response {
        let name = try context.parameters.require("name")
        guard let item = items.first(where: { $0.name == name }) else {
            throw Problem(.notFound, "Nothing of this name is looked at.")
        }
        let text = item.isReady ? "ok\n" : line(item, isTrusted: gate.isTrusted(request)) + "\n"
        return .plainText(text, status: item.isReady ? .ok : .serviceUnavailable)
    }

    /// Files that cannot be taken up keep nobody from being served: what was in force stays so.
    private var items: [Readiness] {
        let problems = backend.editing.status().problems
        let configuration = Readiness(
            name: "configuration", isReady: problems.isEmpty, isDecisive: false,
            detail: problems.map(\.description).joined(separator: "; "))
        let tls = certificate.map { certificate in
            let problem = certificate.status.problem
            return Readiness(name: "tls", isReady: problem == nil, isDecisive: false, detail: problem ?? "ok")
        }
        return backend.readiness().map { $0.name == configuration.name ? configuration : $0 }
            + [tls].compactMap(\.self)
    }

    /// Why something is not ready is not for everybody.
    private func line(_ item: Readiness, isTrusted: Bool) -> String {
        guard !item.isReady else { return "[+]\(item.name) ok" }
        return "[-]\(item.name) failed: \(isTrusted ? item.detail : "reason withheld")"
    }
}
