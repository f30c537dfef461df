import Foundation
import Testing
import VitalsTesting

@testable import vitals

@Suite("vitals import gatus", .oneOfAFew)
struct ImportCommandTests {
    private static func endpoint(_ name: String) -> String {
        #"{ name: "\#(name)", url: "https://h.example.com/", conditions: ["[STATUS] == 200"] }"#
    }

    private static func write(_ texts: [String: String], on stage: Stage) throws -> URL {
        let folder = try stage.makeFolder()
        for (name, text) in texts {
            let file = folder.appending(path: name)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: file)
        }
        return folder
    }

    @Test("of a folder reads all that Gatus reads, at any depth, and nothing else")
    func folder() async throws {
        try await Stage.run { stage in
            let folder = try Self.write(
                [
                    "a.yaml": "endpoints: [\(Self.endpoint("one"))]",
                    "deep/er/b.yml": "endpoints: [\(Self.endpoint("two"))]", "c.txt": "endpoints: [",
                    "..2026/a.yaml": "endpoints: [\(Self.endpoint("hidden"))]",
                ], on: stage)
            let imported = try await VitalsProgram.run(
                ["import", "gatus", folder.path, "--output", "-"], on: stage)
            #expect(imported.exitCode == 0, "\(imported)")
            #expect(imported.output.contains("- id: one\n") && imported.output.contains("- id: two\n"))
            #expect(!imported.output.contains("hidden"))
            #expect(imported.errors.contains("Carried over as it was: 6 of 6 values."), "\(imported.errors)")
        }
    }

    @Test("writes a file for its owner's eyes, never over another unless it is told to")
    func output() async throws {
        try await Stage.run { stage in
            let folder = try Self.write(
                ["g.yaml": "endpoints: [\(Self.endpoint("one"))]\nui: { title: t }"], on: stage)
            let (output, report) = (folder.appending(path: "vitals.yaml"), folder.appending(path: "report"))
            let arguments = [
                "import", "gatus", folder.appending(path: "g.yaml").path, "--output", output.path,
            ]
            let first = try await VitalsProgram.run(
                arguments + ["--json", "--report", report.path], on: stage)
            #expect(first.exitCode == 0 && first.output == "" && first.errors == "", "\(first)")
            let attributes = try FileManager.default.attributesOfItem(atPath: output.path)
            #expect(attributes[.posixPermissions] as? Int == 0o600)
            let told = try JSONValue(parsing: String(contentsOf: report, encoding: .utf8))
            #expect(told["dropped"].number == 1)
            #expect(told["entries"].items.last?["path"].string == "ui")
            #expect(told["entries"].items.last?["line"].number == 2)

            let second = try await VitalsProgram.run(arguments, on: stage)
            #expect(second.exitCode == 73)
            #expect(second.errors.contains("is there; --force replaces it"), "\(second)")
            let third = try await VitalsProgram.run(arguments + ["--force", "--json"], on: stage)
            #expect(third.exitCode == 0)
            #expect(try JSONValue(parsing: third.output)["dropped"].number == 1)
        }
    }

    @Test("says what stands in the way, with its place")
    func trouble() async throws {
        try await Stage.run { stage in
            let folder = try Self.write(["bad.yaml": "endpoints:\n  - {", "empty/x.txt": ""], on: stage)
            func run(_ path: String, _ more: [String] = []) async throws -> (Int32, String) {
                let found = try await VitalsProgram.run(
                    ["import", "gatus", folder.appending(path: path).path] + more, on: stage)
                return (found.exitCode, found.errors)
            }
            let cases: [(path: String, more: [String], code: Int32, part: String)] = [
                ("bad.yaml", [], 78, "bad.yaml:3:1: not valid YAML"), ("none.yaml", [], 78, "No such file"),
                ("empty", [], 78, "holds no file whose name ends in .yaml or .yml"),
                ("empty/x.txt", ["--output", "/nowhere/x"], 73, "/nowhere/x cannot be written"),
                ("empty/x.txt", ["--output", "-", "--json"], 64, "--json needs --report"),
            ]
            for example in cases {
                let (code, errors) = try await run(example.path, example.more)
                #expect(code == example.code, "\(example.path): \(errors)")
                #expect(errors.contains(example.part), "\(example.path): \(errors)")
            }
        }
    }

    @Test("of thousands of endpoints takes no longer than it must, and a terminal is told meanwhile")
    func many() async throws {
        try await Stage.run { stage in
            let endpoints = (0..<3_000).map { "  - \(Self.endpoint("same \($0 % 3)"))" }
            let folder = try Self.write(
                ["g.yaml": "endpoints:\n" + endpoints.joined(separator: "\n")], on: stage)
            let output = folder.appending(path: "terminal").path
            // A terminal, and what is written on it.
            let terminal = """
                import os, pty, sys
                file = open("terminal", "wb")
                def read(fd):
                    data = os.read(fd, 65536)
                    file.write(data)
                    return data
                sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:], read)))
                """
            let process = try ChildProcess(
                ["/usr/bin/python3", "-c", terminal, VitalsProgram.path, "import", "gatus", "g.yaml"],
                in: folder.path, output: folder.appending(path: "output").path, asUnprivileged: false)
            let exitCode = try await process.waitForExit(within: .seconds(120))
            let told = try String(contentsOfFile: output, encoding: .utf8)
            #expect(exitCode == 0, "\(told)")
            #expect(told.contains("reading g.yaml ... "), "\(told.prefix(500))")
            let yaml = try String(contentsOf: folder.appending(path: "vitals.yaml"), encoding: .utf8)
            #expect(yaml.contains("- id: same-2-1000\n"))
        }
    }
}
