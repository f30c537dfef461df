import Foundation
import Testing

/// Debian's libfaketime: a wall clock that a test sets for one process. The boot-time clock stays as it is.
struct FakeTime: Sendable {
    private let file: URL
    private let library: String

    init(on stage: Stage) throws {
        file = try stage.makeFolder().appending(path: "offset")
        let folders = try FileManager.default.contentsOfDirectory(atPath: "/usr/lib").map { "/usr/lib/\($0)" }
        library = try #require(
            folders.map { "\($0)/faketime/libfaketime.so.1" }.first(where: FileManager.default.fileExists),
            "libfaketime is not installed")
        try step(to: 0)
    }

    var environment: [String: String] {
        [
            "LD_PRELOAD": library, "FAKETIME_TIMESTAMP_FILE": file.path, "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        ]
    }

    /// From now on the clock differs from the machine's by so many seconds.
    func step(to seconds: Int) throws {
        try Data((seconds < 0 ? "\(seconds)\n" : "+\(seconds)\n").utf8).write(to: file, options: .atomic)
    }
}
