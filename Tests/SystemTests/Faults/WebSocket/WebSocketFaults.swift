import Testing
import VitalsCore
import VitalsTesting

/// The pages about WebSockets, a file each.
@Suite("Fault book: WebSocket", .oneOfAFew)
struct WebSocketFaults {
    /// A check of a server that does what it is told, and echoes until then.
    static func check(_ port: Int) -> String {
        "websocket: { url: \"ws://127.0.0.1:\(port)/told\", bearer: t0ken-s3cr3t, "
            + "steps: [{ send: hello, equals: hello }] }"
    }

    /// A page on which the server does otherwise from one connection to the next.
    static func page(_ behaviour: String, _ expected: ExpectedFault) async throws {
        let server = try await WebSocketServer()
        let page = FaultPage(
            check: check(server.port), isDatabase: false, expected: expected,
            breaking: { try server.behave(behaviour) }, mending: { try server.behave("/echo") })
        try await page.turn()
    }
}
