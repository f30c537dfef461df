import Testing
import VitalsCore
import VitalsEngine

@testable import VitalsNet

@Suite("A command")
struct CommandTests {
    private func command(
        _ words: [TargetText], _ environment: [Settings.Pair] = [], directory: String = "/",
        own: [String: String] = [:]
    ) throws -> Command {
        try Command(words, environment: environment, directory: directory, own: { own[$0] })
    }

    @Test(
        "that is one text is split as one would expect",
        arguments: [
            ("/bin/a b  c", ["/bin/a", "b", "c"]), ("\t/bin/a\n", ["/bin/a"]),
            ("/bin/a 'b c' \"d e\"", ["/bin/a", "b c", "d e"]), ("/bin/a '' x''y", ["/bin/a", "", "xy"]),
            (#"/bin/a b\ c "\"" '\'"#, ["/bin/a", "b c", "\"", "\\"]),
            ("/bin/a '|;$(x)' \"*\"", ["/bin/a", "|;$(x)", "*"]), (#"/bin/a \|"#, ["/bin/a", "|"]),
            ("/bin/ä ~ # ! {a,b}", ["/bin/ä", "~", "#", "!", "{a,b}"]),
        ])
    func split(text: String, words: [String]) throws {
        let read = try CommandText.words(of: TargetText(text)).map(\.text)
        #expect(read == words)
        #expect(try CommandText.words(of: TargetText(CommandText.shown(words))).map(\.text) == words)
    }

    @Test(
        "that wants a shell, or is none, is refused",
        arguments: [
            "", "  ", "a", "./a", "/bin/a | b", "/bin/a; b", "/bin/a && b", "/bin/a > b", "/bin/a `b`",
            "/bin/a $b", "/bin/a *", "/bin/a 'b", "/bin/a \"b", "/bin/a \\", "/bin/a\0b",
            "/\(String(repeating: "x", count: 100_000))",
        ])
    func refused(text: String) {
        #expect(throws: TargetError.self) { try command([TargetText(text)]) }
    }

    @Test("is not split where a variable was put in, and does not show it")
    func variables() throws {
        let text = TargetText("/bin/a -p x'; rm y -u me", variables: [10..<18])
        let command = try command([text])
        #expect(command.words == ["/bin/a", "-p", "x'; rm y", "-u", "me"])
        #expect(command.secrets == [Secret("x'; rm y")])
        #expect(command.shown == "/bin/a -p ••• -u me" || command.shown == "/bin/a -p '•••' -u me")
        let listed = try self.command(["/bin/a", TargetText("k=s3cret!", variables: [2..<8])])
        #expect(listed.shown == "/bin/a 'k=•••!'")
        #expect(listed.identity.contains("s3cret"))
    }

    @Test("that is a list is taken as it is")
    func list() throws {
        let command = try command(["/bin/a b", "| c", ""])
        #expect(command.words == ["/bin/a b", "| c", ""])
    }

    @Test("inherits four variables, and has what is written")
    func environment() throws {
        let own = ["PATH": "/bin", "LANG": "C", "TZ": "UTC", "HOME": "/root", "API_TOKEN": "s3cret"]
        let command = try command(
            ["/bin/a", "b"], [.init(name: "LANG", value: "de_DE"), .init(name: "X_1", value: "")], own: own)
        let variables = Dictionary(uniqueKeysWithValues: command.environment.map { ($0.name, $0.value) })
        #expect(variables == ["PATH": "/bin", "LANG": "de_DE", "TZ": "UTC", "HOME": "/root", "X_1": ""])
        for name in ["", "1A", "A-B", "A=B", "Ä"] {
            #expect(throws: TargetError.self) {
                try self.command(["/bin/a", "b"], [.init(name: name, value: "x")])
            }
        }
        #expect(throws: TargetError.self) { try self.command(["/bin/a", "b"], directory: "tmp") }
    }

    @Test("is another one when anything of it is")
    func identity() throws {
        let commands = [
            try command(["/bin/a", "b", "c"]), try command(["/bin/a", "b c"]),
            try command(["/bin/a", "b,c"]),
            try command(["/bin/a", "b", "c"], directory: "/tmp"),
            try command(["/bin/a", "b"], [.init(name: "c", value: "")]),
            try command(["/bin/a", "b", "c"], [.init(name: "c", value: "")]),
        ]
        #expect(Set(commands.map(\.identity)).count == commands.count)
    }
}
