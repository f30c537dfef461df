import Foundation
import Testing
import VitalsCore
import VitalsTesting

@Suite(
    "A full disk for longer than memory holds: the spool takes the rest, and no run is lost", .oneOfAFew,
    .enabled(if: StormScale.isLarge && SmallDisk.isPermitted, "part of `make crash-full`; needs a mount"))
struct SpoolStormTests {
    private static let interval: Duration = .milliseconds(100)
    private static let count = 400

    @Test("a hundred thousand runs in memory and more in the file are recorded in order")
    func spooled() async throws {
        try await Stage.run { stage in
            let nobody = try RefusingPort()
            let checks = (0..<Self.count).map { "{ id: c\($0), tcp: \"127.0.0.1:\(nobody.number)\" }" }
            let disk = try SmallDisk(megabytes: 160, on: stage)
            let server = try VitalsServer(
                """
                defaults: { interval: 100ms, confirm_every: off }
                systems:
                  - { id: all, checks: [\(checks.joined(separator: ", "))] }
                """,
                environment: ["MAX_CONCURRENT_PER_TARGET": "1000"], data: disk.folder, through: disk.wrapper,
                on: stage)
            try await server.start()
            let pid = try #require(server.pid)
            try await eventually(that: "all have run", within: .seconds(60)) {
                try await server.api.all("health-checks?limit=1000").allSatisfy { $0["last_run"] != .null }
            }
            let spool = disk.file("vitals.spool", of: pid)
            #expect(try beginning(of: spool).allSatisfy { $0 == 0 }, "nothing is in it yet")
            try disk.fill(of: pid)
            try await eventually(that: "memory is full", within: .seconds(400)) {
                try beginning(of: spool).contains { $0 != 0 }
            }
            let full = MachineTime.wall
            try await eventually(that: "more is spooled") { MachineTime.wall - full > .seconds(10) }
            try disk.free(of: pid)
            try await eventually(that: "it is ready", within: .seconds(60)) {
                try await server.api.get("/readyz").status == 200
            }
            for number in stride(from: 0, to: Self.count, by: 40) {
                let id = "all.c\(number)"
                try await eventually(that: "\(id) has caught up", within: .seconds(300)) {
                    let last = try await server.api.healthCheck(id)["last_run"]["at"].instant ?? 0
                    return MachineTime.wall.microseconds - last < 5_000_000
                }
                let account = try await SlotAccount.complete(of: id, every: Self.interval, at: server)
                #expect(account.misses["store"] == nil && account.misses["not_running"] == nil, "\(id)")
                #expect(account.runs.count > 100, "\(id): the disk was full for more than ten seconds")
            }
            #expect(try await server.stop() == 0)
        }
    }

    private func beginning(of file: URL) throws -> Data {
        let handle = try FileHandle(forReadingFrom: file)
        defer { try? handle.close() }
        return try handle.read(upToCount: 65_536) ?? Data()
    }
}
