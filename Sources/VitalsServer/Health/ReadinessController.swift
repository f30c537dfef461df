import Hummingbird
import VitalsEngine

/// `/livez`, `/healthz` and `/readyz`, as Kubernetes asks: the status decides, the text is for people.
struct ReadinessController {
    let backend: Backend
    let gate: Gate

    func addRoutes(to router: Router<ServerContext>) {
        router.get("/livez", use: live)
        router.get("/healthz", use: live)
        router.get("/readyz", use: ready)
    }

    /// The process answers: that is all that is asked.
    @Sendable private func live(_ request: Request, _ context: ServerContext) -> Response {
        .plainText("ok\n")
    }

    /// `?exclude=name` leaves an item out, as often as it is given; `?verbose` lists them.
    @Sendable private func ready(_ request: Request, _ context: ServerContext) throws -> Response {
        let query = try Query(of: request)
        let excluded = Set(query.all("exclude"))
        let items = backend.readiness().filter { !excluded.contains($0.name) }
        let isReady = items.allSatisfy(\.isReady)
        guard query["verbose"] != nil || !isReady else { return .plainText("ok\n") }
        let lines = items.map { line($0, isTrusted: gate.isTrusted(request)) }
        let verdict = isReady ? "readyz check passed" : "readyz check failed"
        return .plainText(
            (lines + [verdict, ""]).joined(separator: "\n"), status: isReady ? .ok : .serviceUnavailable)
    }

    /// Why something is not ready is not for everybody.
    private func line(_ item: Readiness, isTrusted: Bool) -> String {
        guard !item.isReady else { return "[+]\(item.name) ok" }
        return "[-]\(item.name) failed: \(isTrusted ? item.detail : "reason withheld")"
    }
}
