import Testing

/// A rule that cannot fail is no rule: each is shown what it has to find, and what it has to let be.
@Suite("The rules of tidiness")
struct RuleTests {
    private func findings(_ rule: any Rule, _ text: String, at path: String) -> [Int] {
        rule.violations(in: SourceFile(path: path, text: text)).map(\.line)
    }

    private static let core = "Sources/VitalsCore/Run.swift"
    private static let net = "Sources/VitalsNet/Run.swift"
    private static let test = "Tests/VitalsNetTests/RunTests.swift"

    @Test(
        "an import that the table does not allow is found",
        arguments: [
            ("import Foundation", core, true), ("package import GRDB", net, true),
            ("import VitalsStore", net, true), ("@preconcurrency import NIOSSL", net, false),
            ("import struct NIOCore.ByteBuffer", net, false), ("// import GRDB", net, false),
            ("import Yams", "Sources/VitalsEngine/Scheduler.swift", true),
            ("import Yams", "Sources/VitalsEngine/Configuration/File.swift", false),
            ("import XCTest", test, true), ("import GRDB", test, false),
        ])
    func imports(text: String, path: String, isFound: Bool) {
        #expect(findings(ImportRule(), text, at: path) == (isFound ? [1] : []))
    }

    @Test(
        "a banned word is found where it is banned",
        arguments: [
            ("func wait() async {}", core, true), ("func wait() async {}", net, false),
            ("let asynchronous = 1", core, false), ("let at = clock.now", core, true),
            ("Int.random(in: 1...2)", core, true), ("Int.random(in: 1...2, using: &chance)", core, false),
            ("let start = Date()", net, true), ("Task { await go() }", net, true),
            ("Task { await go() }", "Sources/VitalsEngine/Run.swift", false),
            ("Task { await go() }", test, false),
            ("Task.detached { }", test, true), ("final class A: @unchecked Sendable {}", net, true),
            ("let a = try! b()", test, true), ("let a = b as! C", net, true),
            ("fatalError(\"no\")", net, true),
            ("DispatchQueue.main.async {}", net, true), ("public struct A {}", net, true),
            ("print(1)", net, true), ("print(1)", "Sources/vitals/Run.swift", false),
            ("fingerprint(1)", net, false), ("try await Task.sleep(for: .seconds(1))", test, true),
            ("// TODO: later", net, true), ("// no FIXME here", test, true),
            ("let text = \"public try! TODO\"", net, false), ("let mastodon = 1", net, false),
        ])
    func words(text: String, path: String, isFound: Bool) {
        #expect(findings(BannedWordRule(), text, at: path) == (isFound ? [1] : []))
    }

    @Test("long files, lines and functions are found, and no shorter ones")
    func sizes() {
        func body(_ count: Int) -> String {
            "func long(\n    a: Int = f({ 1 })\n) {\n"
                + String(repeating: "    step()\n\n    // why\n", count: count) + "}"
        }
        let rule = SizeRule()
        #expect(findings(rule, String(repeating: "\n", count: 401), at: Self.net) == [0])
        #expect(findings(rule, String(repeating: "\n", count: 400), at: Self.net) == [])
        #expect(findings(rule, String(repeating: "a", count: 111), at: Self.net) == [1])
        #expect(findings(rule, String(repeating: "a", count: 110), at: Self.net) == [])
        #expect(findings(rule, body(71), at: Self.net) == [3])
        #expect(findings(rule, body(70), at: Self.net) == [])
        let type = "struct A {\n" + String(repeating: "    let a: Int\n", count: 80) + "}"
        #expect(findings(rule, type, at: Self.net) == [])
    }

    @Test(
        "a file that is not named after its contents, and names that say nothing, are found",
        arguments: [
            ("struct Run {}", core, []), ("struct Walk {}", core, [0]), ("func run() {}", core, []),
            ("extension Run {}", "Sources/VitalsCore/Run+Key.swift", []),
            ("extension Walk {}", "Sources/VitalsCore/Run+Key.swift", [0]),
            ("struct Run {}\nstruct RunManager {}", core, [2]), ("@Test func runs() {}", test, []),
            ("struct Anything {}", "Tests/VitalsNetTests/Fixtures.swift", [0]),
        ] as [(String, String, [Int])])
    func names(text: String, path: String, lines: [Int]) {
        #expect(findings(NameRule(), text, at: path) == lines)
    }

    @Test(
        "what a target shows to others without a word about it is found",
        arguments: [
            ("package struct Run {}", [1]), ("/// One run.\npackage struct Run {}", []),
            ("/// One run.\n@frozen\npackage struct Run {}", []), ("struct Run {}", []),
            ("/// A.\nstruct A {\n    package func go() {}\n}", [3]),
            ("/// A.\nstruct A {\n    package let count: Int\n    package init() {}\n}", []),
            ("/// A.\nprotocol A {\n    func go()\n}", [3]),
            ("/// A.\nprotocol A {\n    /// Goes.\n    func go()\n}\n" + "package func go() {}", []),
            ("package import VitalsCore", []),
            ("    package static func < (left: A, right: A) -> Bool {}", []),
        ] as [(String, [Int])])
    func documentation(text: String, lines: [Int]) {
        let file = SourceFile(path: Self.net, text: text)
        #expect(DocumentationRule(sources: [file]).violations(in: file).map(\.line) == lines)
    }

    @Test("a link that leads nowhere is found")
    func links() {
        let text = "[a](b.md) [c](../d.md#e) [f](https://example.com) [g](#h) [i](/j.md)"
        let known: Set = ["docs/b.md", "d.md"]
        let broken = DocumentRules.brokenLinks(in: text, at: "docs/page.md", exists: known.contains)
        #expect(broken == ["/j.md"])
    }

    @Test("a setting that no page describes is found")
    func settings() {
        let code = """
            let section = section(value, keys: ["url", "secret"])
            static let checkKeys = [
                "interval", "tcp",
            ]
            let token = text(variable: "API_TOKEN")
            let fields = [Field("method", .text), Field(
                "body", .lines)]
            """
        let settings = DocumentRules.settings(in: code)
        #expect(settings == ["url", "secret", "interval", "tcp", "API_TOKEN", "method", "body"])
        let page = "`webhook.url`, `interval`, `tcp`, `method`, `body`; tokens are secret"
        #expect(DocumentRules.undocumented(settings, in: page) == ["API_TOKEN", "secret"])
    }

    @Test("an exception that excuses nothing is found")
    func exceptions() {
        let exception = Exceptions.Exception(rule: "size", path: "a.swift", reason: "old")
        let violation = Violation(rule: "size", path: "a.swift", line: 1, message: "long")
        #expect(Exceptions.unused(among: [violation], of: [exception]) == [])
        #expect(Exceptions.unused(among: [], of: [exception]) == [exception])
    }

    @Test("strings and comments are told from code")
    func reading() {
        let text = """
            let a = "x \\(b("y")) // no" // yes
            let c = #"\\"# /* one
            two */ let d = 1
            """
        let file = SourceFile(path: Self.net, text: text)
        #expect(file.comments.map { $0.isEmpty } == [false, false, false])
        #expect(file.comments[0] == "// yes")
        #expect(file.code[2].hasSuffix("let d = 1"))
        #expect(!file.code[0].contains("no"))
    }
}
