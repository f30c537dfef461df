import Testing
import VitalsCore
import VitalsEngine

@testable import VitalsNet

@Suite("What is written of a check of a WebSocket")
struct WebSocketSettingsTests {
    private static func steps(_ all: [String: Settings.Value]...) -> [String: Settings.Value] {
        ["steps": .list(all.map { .object($0) })]
    }

    @Test(
        "is refused where it means nothing, with its field",
        arguments: [
            (steps([:]), "steps", "neither sends nor expects"),
            (steps(["binary": .flag(true), "any": .flag(true)]), "steps", "binary and sends nothing"),
            (steps(["send": .text("\\q"), "binary": .flag(true)]), "steps", "backslash"),
            (steps(["equals": .text("a"), "expect": .text("a")]), "steps", "write one of them"),
            (steps(["matches": .text("a"), "any": .flag(true)]), "steps", "write one of them"),
            (steps(["expect": .text("")]), "steps", "any: true"),
            (steps(["matches": .text("(")]), "steps", "regular expression"),
            (steps(["send": .text(String(repeating: "x", count: 70_000))]), "steps", "65536 bytes"),
            (["subprotocols": .texts(["a b"])], "subprotocols", "no name"),
            (["subprotocols": .texts(["a", "a"])], "subprotocols", "twice"),
            (["headers": .pairs(["Sec-WebSocket-Key": "x"])], "headers", "follows from the handshake"),
            (["headers": .pairs(["Upgrade": "x"])], "headers", "not to be set"),
            (["proxy": .text("https://u:pa55word@h:1")], "proxy", "begin with http://"),
        ] as [([String: Settings.Value], String, String)])
    func refused(others: [String: Settings.Value], field: String, why: String) throws {
        let network = try TestNetwork()
        let error = #expect(throws: TargetError.self) { try network.webSocket("ws://h/", others) }
        #expect(error?.field == field)
        #expect(error?.message.contains(why) == true, "\(error?.message ?? "")")
        #expect(error?.message.contains("pa55") == false)
    }

    @Test("makes it another one wherever it asks for something else")
    func identity() throws {
        let network = try TestNetwork()
        let all: [[String: Settings.Value]] = [
            [:], ["ping": .flag(false)], ["subprotocols": .texts(["a"])],
            ["subprotocols": .texts(["a", "b"])],
            Self.steps(["send": .text("a")]), Self.steps(["send": .text("a"), "binary": .flag(true)]),
            Self.steps(["equals": .text("a")]), Self.steps(["expect": .text("a")]),
            Self.steps(["matches": .text("a")]), Self.steps(["any": .flag(true)]),
            ["headers": .pairs(["a": "b"])], ["bearer": .text("a")], ["proxy": .text("http://h:1")],
            ["tls": .object(["verify": .text("none")])],
        ]
        let identities = try all.map { try network.webSocket("ws://h/", $0).identity }
        #expect(Set(identities).count == all.count)
        #expect(try network.webSocket("wss://h/").identity != identities[0])
        let judged = try network.webSocket("ws://h/", ["max_message_bytes": .integer(5)])
        #expect(judged.identity == identities[0])
    }

    @Test("warns of what goes over the wire in the clear, and hides what looks like a secret")
    func shown() throws {
        let network = try TestNetwork()
        let probe = try network.webSocket("ws://h/x?token=abcd1234&a=b", ["bearer": .text("s3cr3t")])
        #expect(probe.warnings == ["the token goes to ws://h unencrypted"])
        #expect(probe.address == "ws://h/x?token=•••&a=b")
        #expect(probe.endpoint == "h:80")
        #expect(try network.webSocket("wss://h/").endpoint == "h:443")
        let variable = try network.webSocket(TargetText("ws://h/room/abcd1234", variables: [12..<20]))
        #expect(variable.address == "ws://h/room/•••")
    }
}
