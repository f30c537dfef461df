import Logging
import Synchronization

/// What is logged, line by line.
final class LogLines: Sendable {
    private let lines = Mutex<[Logger.Metadata]>([])

    /// The fields of each line.
    var fields: [Logger.Metadata] { lines.withLock(\.self) }

    var logger: Logger { Logger(label: "test") { _ in Handler(lines: self) } }

    private struct Handler: LogHandler {
        let lines: LogLines
        var logLevel = Logger.Level.info
        var metadata: Logger.Metadata = [:]

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            lines.lines.withLock { $0.append(event.metadata ?? [:]) }
        }
    }
}
