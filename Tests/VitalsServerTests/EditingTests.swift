import Testing
import VitalsCore
import VitalsTesting

@testable import VitalsEngine
@testable import VitalsServer

@Suite("What is stored of the configuration", .timeLimit(.minutes(5)))
struct EditingTests {
    private static let type = "Content-Type: application/json"

    @Test("a change that the store does not take is told so, and nothing is listed (S54)")
    func notRecorded() async throws {
        try await TestServer.with(Fixtures.node()) { server in
            let answer = try await server.ask(
                "POST", "/api/v1/channels", headers: [Self.type], body: #"{"id":"ops"}"#)
            #expect(answer.status == 503)
            #expect(try answer.problemCode == "not_recorded")
            let list = try await server.ask("GET", "/api/v1/channels").json
            #expect((list["items"] as? [Any])?.isEmpty == true)
        }
    }

    @Test(
        "durations in seconds are written as a file has them",
        arguments: [
            (#"{"interval_seconds":60}"#, #"{"interval":"60s"}"#),
            (#"{"timeout_seconds":1.5}"#, #"{"timeout":"1500ms"}"#),
            (#"{"confirm_every_seconds":"off"}"#, #"{"confirm_every":"off"}"#),
            (#"{"interval_seconds":-1}"#, #"{"interval":"-1s"}"#),
            (#"{"interval":"60s"}"#, nil), (#"{"interval_seconds":"60s"}"#, nil),
            (#"{"interval_seconds":1e300}"#, nil), (#"{"interval_seconds":null}"#, nil),
        ] as [(String, String?)])
    func durations(_ text: String, _ stored: String?) throws {
        let body = try JSON(parsing: Array(text.utf8))
        #expect((try? StoredShape.check(body))?.text == stored)
    }

    @Test(
        "an id that is missing is made of the name",
        arguments: [
            ("Web Shop", "web-shop"), ("  Orders (EU) ", "orders-eu"), ("Zürich", "z-rich"), ("***", nil),
            (String(repeating: "a", count: 100), String(repeating: "a", count: 63)),
        ] as [(String, String?)])
    func slugs(_ name: String, _ id: String?) {
        #expect((try? StoredShape.id(of: [:], orLike: name)) == id)
    }

    @Test(
        "If-Match names the versions that are expected",
        arguments: [
            ([], nil), (["*"], nil), (["\"3\""], [3]), (["\"3\", \"4\""], [3, 4]), (["3"], []),
            (["W/\"3\""], []), (["\""], []), (["\"99999999999999999999\""], []),
        ] as [([String], [Int64]?)])
    func tags(_ fields: [String], _ versions: [Int64]?) {
        #expect(EntityTag.versions(in: fields) == versions)
    }
}
