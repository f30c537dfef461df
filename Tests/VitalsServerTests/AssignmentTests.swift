import Testing
import VitalsCore
import VitalsEngine

@testable import VitalsServer

@Suite("On which systems a stored check is, and whom a health check notifies")
struct AssignmentTests {
    private static func json(_ text: String) throws -> JSON { try JSON(parsing: Array(text.utf8)) }

    @Test(
        "a system more, once",
        arguments: [
            ("{}", nil, #"["a"]"#), (#"{"systems":[]}"#, nil, #"["a"]"#),
            (#"{"systems":"b"}"#, nil, #"["b","a"]"#), (#"{"systems":["a"]}"#, nil, #"["a"]"#),
            (#"{"systems":"*"}"#, #"{"failure":1}"#, #"["*",{"id":"a","thresholds":{"failure":1}}]"#),
            (#"{"systems":["a"]}"#, #"{"failure":1}"#, #"[{"id":"a","thresholds":{"failure":1}}]"#),
            (
                #"{"systems":[{"id":"a","enabled":false,"thresholds":{"failure":1,"warn":2}}]}"#,
                #"{"failure":5}"#, #"[{"id":"a","enabled":false,"thresholds":{"failure":5,"warn":2}}]"#
            ),
        ] as [(String, String?, String)])
    func adding(check: String, thresholds: String?, expected: String) throws {
        let own = try thresholds.map { try Self.json($0) }
        let found = Assignments.adding("a", own, to: try Self.json(check))
        #expect(found["systems"]?.text == expected)
    }

    @Test(
        "a system less, or called otherwise",
        arguments: [
            (#"{"systems":["a","b"]}"#, #"["b"]"#, #"["z","b"]"#),
            (#"{"systems":[{"id":"a","enabled":false}]}"#, "[]", #"[{"id":"z","enabled":false}]"#),
            (#"{"systems":"a"}"#, "[]", #"["z"]"#), (#"{"systems":"*"}"#, #""*""#, #""*""#),
            (#"{"systems":["b"]}"#, #"["b"]"#, #"["b"]"#),
        ])
    func removing(check: String, without: String, renamed: String) throws {
        let body = try Self.json(check)
        #expect(Assignments.removing("a", from: body)["systems"]?.text == without)
        #expect(Assignments.renaming("a", to: "z", in: body)["systems"]?.text == renamed)
    }

    @Test(
        "a body that says whom to notify is right as a whole or refused with the place (S52)",
        arguments: [
            (#"{"notifications":[]}"#, nil),
            (#"{"notifications":[{"channel":"ops"}]}"#, nil),
            (#"{"notifications":[{"channel":"ops","on_down":false,"on_recovered":true}]}"#, nil),
            (#"{"notifications":[{"channel":"ops","on_down":false,"on_degraded":true}]}"#, nil),
            ("{}", "notifications"), (#"{"notifications":{}}"#, "notifications"),
            (#"{"notifications":[],"more":1}"#, "notifications"),
            (#"{"notifications":[{}]}"#, "notifications[0].channel"),
            (#"{"notifications":[{"channel":1}]}"#, "notifications[0].channel"),
            (#"{"notifications":[{"channel":"a"},{"channel":"a"}]}"#, "notifications[1].channel"),
            (#"{"notifications":[{"channel":"a","on_down":"no"}]}"#, "notifications[0].on_down"),
            (#"{"notifications":[{"channel":"a","on_fire":true}]}"#, "notifications[0].on_fire"),
            (
                #"{"notifications":[{"channel":"a","on_down":false,"on_recovered":false}]}"#,
                "notifications[0]"
            ),
            (
                #"{"notifications":[{"channel":"a","enabled":false,"on_down":false,"on_recovered":false}]}"#,
                "notifications[0]"
            ),
        ] as [(String, String?)])
    func bindings(body: String, path: String?) throws {
        let document = try Self.json(body)
        do throws(Problem) {
            _ = try NotificationsBody.bindings(document)
            #expect(path == nil)
        } catch {
            #expect(error.faults.map(\.path) == [path ?? ""])
        }
    }
}
