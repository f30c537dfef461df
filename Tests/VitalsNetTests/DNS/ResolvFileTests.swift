import NIOCore
import Testing

@testable import VitalsNet

@Suite struct ResolvFileTests {
    @Test func serversAndOptionsAreReadAsTheManualSays() throws {
        let file = ResolvFile(
            """
            # made by something
            search example.com
            nameserver 10.0.0.53
            nameserver ::1
            options timeout:3 attempts:4 rotate ndots:2 edns0
            """)
        #expect(
            file.servers == [
                try SocketAddress(ipAddress: "10.0.0.53", port: 53),
                try SocketAddress(ipAddress: "::1", port: 53),
            ])
        #expect(file.timeout == .seconds(3))
        #expect(file.attempts == 4)
        #expect(file.dots == 2)
        #expect(file.isRotating)
        #expect(file.search == ["example.com"])
    }

    @Test func whatIsNotSaidIsAsTheManualSays() throws {
        let file = ResolvFile("")
        #expect(file.servers == [try SocketAddress(ipAddress: "127.0.0.1", port: 53)])
        #expect(file.timeout == .seconds(5))
        #expect(file.attempts == 2)
        #expect(file.dots == 1)
        #expect(!file.isRotating)
        #expect(file.search.isEmpty)
    }

    @Test(
        "the domains searched are those of the last line, else that of the machine's own name",
        arguments: [
            ("search a.example B.Example.", "", ["a.example", "b.example"]),
            ("search a.example\nsearch b.example", "", ["b.example"]),
            ("search a.example\ndomain b.example", "", ["b.example"]),
            ("domain a.example b.example", "", ["a.example"]),
            ("search a..b . ä.example c.example", "", ["c.example"]),
            ("", "db1.corp.example", ["corp.example"]), ("", "db1", []), ("", "db1.", []),
            ("search a.example", "db1.corp.example", ["a.example"]), ("search", "db1.corp.example", []),
        ])
    func domains(_ text: String, _ hostName: String, _ expected: [String]) {
        #expect(ResolvFile(text, hostName: hostName).search == expected)
    }

    @Test(
        "a name with enough dots is looked for as it is first, another one last",
        arguments: [
            ("search x y", "db", false, ["db.x", "db.y", "db"]),
            ("search x y", "db.a", false, ["db.a", "db.a.x", "db.a.y"]),
            ("search x\noptions ndots:2", "db.a", false, ["db.a.x", "db.a"]),
            ("search x\noptions ndots:0", "db", false, ["db", "db.x"]),
            ("search x", "db", true, ["db"]), ("", "db", false, ["db"]),
        ])
    func candidates(_ text: String, _ name: String, _ isWhole: Bool, _ expected: [String]) {
        #expect(ResolvFile(text).candidates(for: name, isWhole: isWhole) == expected)
    }

    @Test func aDomainThatMakesANameTooLongIsLeftOut() {
        let name = [String](repeating: String(repeating: "a", count: 60), count: 4).joined(separator: ".")
        let file = ResolvFile("search much-too-long.example x\noptions ndots:1")
        #expect(file.candidates(for: name, isWhole: false) == [name, "\(name).x"])
    }

    @Test(
        "numbers that make no sense are bounded",
        arguments: [
            "timeout:0", "timeout:99", "attempts:0", "attempts:99", "ndots:-1", "ndots:99", "ndots:x",
        ])
    func bounds(_ option: String) {
        let file = ResolvFile("options \(option)")
        #expect((.seconds(1)...TimeAmount.seconds(30)).contains(file.timeout))
        #expect((1...5).contains(file.attempts))
        #expect((0...15).contains(file.dots))
    }
}
