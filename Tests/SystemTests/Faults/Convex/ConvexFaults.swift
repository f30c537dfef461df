import Testing
import VitalsCore

/// The pages about Convex, a file each. A deployment is not to be had here: what stands in for it answers as
/// Convex documents it.
@Suite("Fault book: Convex", .oneOfAFew)
struct ConvexFaults {
    static let version = HTTPTarget.Behaviour.answer(200, body: "0.1.0")
    static let success = HTTPTarget.Behaviour.answer(200, body: #"{"status":"success","value":"ok"}"#)

    static func error(_ message: String) -> HTTPTarget.Behaviour {
        .answer(200, body: #"{"status":"error","errorMessage":"\#(message)","logLines":[]}"#)
    }

    /// A page of a deployment that is well, does this, and is well again.
    ///
    /// - Parameter query: whether a query of the application is asked rather than the version.
    static func turn(
        _ behaviour: HTTPTarget.Behaviour, query: Bool = false, _ expected: ExpectedFault
    ) async throws {
        let good = query ? success : version
        let deployment = try HTTPTarget(good)
        defer { deployment.close() }
        let url = "convex+http://127.0.0.1:\(deployment.port)"
        let page = FaultPage(
            check: "convex: { url: \"\(url)\"\(query ? ", query: \"health:ping\"" : "") }",
            expected: expected, breaking: { deployment.behave(behaviour) },
            mending: { deployment.behave(good) })
        try await page.turn()
    }
}
