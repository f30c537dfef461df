import Foundation
import Testing
import VitalsCore
import VitalsEngine
import VitalsTesting

@testable import VitalsStore

@Suite("The spool in a file")
struct SpoolFileTests {
    private let folder: TemporaryDirectory

    init() throws {
        folder = try TemporaryDirectory()
    }

    private var path: String { "\(folder.path)/vitals.spool" }

    private static func held(_ second: Int, _ id: HealthCheckID = HealthCheckID("db.sql")) -> HeldResult {
        .run(Fixture.pass(of: id, at: Fixture.at(Int64(second))), ticket: second, isEvaluated: true)
    }

    @Test("has all its room from the start, for its owner alone")
    func room() throws {
        let spool = try SpoolFile(folder: folder.path, size: 1_000_000)
        var status = stat()
        #expect(stat(path, &status) == 0)
        #expect(status.st_size == 1_000_000)
        #expect(Int(status.st_blocks) * 512 >= 1_000_000)
        #expect(status.st_mode & 0o777 == 0o600)
        withExtendedLifetime(spool) {}
    }

    @Test("gives back what it was given, in order, a few at a time")
    func order() async throws {
        let spool = try SpoolFile(folder: folder.path, size: 1_000_000)
        #expect(try await spool.append((1...100).map { Self.held($0) }) == 100)
        #expect(try await spool.append((101...150).map { Self.held($0, HealthCheckID("web.up")) }) == 50)
        var results: [HeldResult] = []
        while true {
            let taken = try await spool.take(40)
            guard !taken.isEmpty else { break }
            results += taken
        }
        #expect(
            results == (1...100).map { Self.held($0) }
                + (101...150).map { Self.held($0, HealthCheckID("web.up")) })
    }

    @Test("keeps what a pass measured and found, as there may be nothing else to it")
    func vitals() async throws {
        let spool = try SpoolFile(folder: folder.path, size: 1_000_000)
        let vitals = (0..<64).map { Vital("v\($0)", nil, reason: String(repeating: "r", count: 512)) }
        let run = Run(
            of: HealthCheckID("db.sql"), at: Fixture.at(1), startedAt: Fixture.at(1), trigger: .scheduled,
            outcome: .pass,
            result: ProbeResult(
                latency: .milliseconds(2), vitals: vitals,
                findings: [Finding(.roleMismatch, .warning, "a replica")]))
        let result = HeldResult.run(run, ticket: 1, isEvaluated: true)
        #expect(try await spool.append([result]) == 1)
        #expect(try await spool.take(10) == [result])
    }

    @Test("keeps all that there is to any run or miss", arguments: 0..<20)
    func anything(seed: UInt64) async throws {
        var random = SeededGenerator(seed: seed)
        let spool = try SpoolFile(folder: folder.path, size: 2_000_000)
        let results = (0..<100).map { number -> HeldResult in
            guard Int.random(in: 0..<5, using: &random) > 0 else {
                let from = Fixture.at(Int64(number))
                return .miss(
                    Miss(
                        of: HealthCheckID("m.\(number % 7)"), from: from, to: from + .seconds(number),
                        count: number + 1, reason: MissReason.allCases.randomElement(using: &random) ?? .late)
                )
            }
            return .run(
                Run.any(using: &random, vitals: Vital.any(using: &random)),
                ticket: Int.random(in: 0...1_000_000, using: &random),
                isEvaluated: Bool.random(using: &random))
        }
        #expect(try await spool.append(results) == 100)
        let taken = try await spool.take(1_000)
        for (result, expected) in zip(taken, results) {
            // A trace without a fault or facts is nothing that a probe makes.
            guard case .run(let run, _, _) = expected, run.result.fault == nil,
                run.result.facts.entries.isEmpty
            else {
                #expect(result == expected)
                continue
            }
        }
        #expect(taken.count == 100)
    }

    @Test("holds a run with as much evidence as there may be")
    func evidence() async throws {
        let spool = try SpoolFile(folder: folder.path, size: 100_000)
        let run = Fixture.fail(
            of: HealthCheckID("db.sql"), at: Fixture.at(1), message: String(repeating: "m", count: 1_024),
            trace: String(repeating: "t", count: 2_048))
        let result = HeldResult.run(run, ticket: 1, isEvaluated: true)
        #expect(try await spool.append([result]) == 1)
        #expect(try await spool.take(1) == [result])
    }

    @Test("takes as much as there is room for, and has room again once it is empty")
    func full() async throws {
        let spool = try SpoolFile(folder: folder.path, size: 10_000)
        for _ in 0..<3 {
            let count = try await spool.append((1...1_000).map { Self.held($0) })
            #expect((200..<1_000).contains(count))
            #expect(try await spool.append([Self.held(0)]) == 0)
            #expect(try await spool.take(count - 1).count == count - 1)
            #expect(try await spool.append([Self.held(0)]) == 0)
            #expect(try await spool.take(10) == [Self.held(count)])
        }
    }

    @Test("says where it is damaged, gives out what stands before, and is empty then", arguments: [0, 1, 2])
    func garbage(kind: Int) async throws {
        let spool = try SpoolFile(folder: folder.path, size: 100_000)
        #expect(try await spool.append((1...100).map { Self.held($0) }) == 100)
        let file = try FileHandle(forUpdating: URL(filePath: path))
        let (offset, bytes): (UInt64, [UInt8]) =
            [(1_507, [0xFF]), (0, [0xFF, 0xFF]), (1_500, [UInt8](repeating: 0, count: 300))][kind]
        try file.seek(toOffset: offset)
        let there = try #require(try file.read(upToCount: bytes.count))
        try file.seek(toOffset: offset)
        try file.write(contentsOf: Data(zip(there, bytes).map { kind == 2 ? $1 : $0 ^ $1 }))
        try file.close()
        if kind != 1 {
            let before = try await spool.take(1_000)
            #expect((20..<60).contains(before.count))
            #expect(before == (1...before.count).map { Self.held($0) })
        }
        let error = await #expect(throws: StoreError.self) { try await spool.take(1_000) }
        guard case .corrupt(let what)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(what.contains(path))
        #expect(try await spool.take(1_000) == [])
        #expect(try await spool.append([Self.held(1)]) == 1)
        #expect(try await spool.take(1_000) == [Self.held(1)])
    }

    @Test("knows nothing of what a process before it left")
    func leftOver() async throws {
        let before = try SpoolFile(folder: folder.path, size: 100_000)
        #expect(try await before.append([Self.held(1)]) == 1)
        let spool = try SpoolFile(folder: folder.path, size: 100_000)
        #expect(try await spool.take(10) == [])
    }

    @Test("that cannot be made says why and leaves nothing behind")
    func impossible() throws {
        let error = #expect(throws: StoreError.self) {
            try SpoolFile(folder: "\(folder.path)/none", size: 1_000)
        }
        #expect(
            error
                == .cannotOpen(path: "\(folder.path)/none/vitals.spool", reason: "No such file or directory"))
        let large = #expect(throws: StoreError.self) { try SpoolFile(folder: folder.path, size: 1 << 60) }
        guard case .cannotOpen? = large else {
            Issue.record("\(String(describing: large))")
            return
        }
        #expect(!FileManager.default.fileExists(atPath: path))
    }
}
