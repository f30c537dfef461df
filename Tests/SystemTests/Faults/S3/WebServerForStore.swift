import Testing
import VitalsCore

extension S3Faults {
    @Test("a web server in its place")
    func webServerForStore() async throws {
        try await Self.turn(
            .answer(200, body: "<html></html>"),
            ExpectedFault(
                verdict: "unexpected_reply in body", causeClass: .target, state: "unhealthy",
                says: "a page of HTML instead of a list"))
    }
}
