import ArgumentParser
import Logging
import VitalsCore
import VitalsEngine

/// How the log is written: for people, or one JSON object a line.
enum LogFormat: String, ExpressibleByArgument, CaseIterable {
    case text, json

    /// A logger that writes to standard error.
    ///
    /// - Parameter label: written in each line, unless it is the program's.
    func logger(_ level: Logger.Level, label: String = "vitals") -> Logger {
        var logger = Logger(label: label) { label in LineLogHandler(format: self, label: label) }
        logger.logLevel = level
        return logger
    }
}

/// The least important events that are logged.
enum LogLevel: String, ExpressibleByArgument, CaseIterable {
    case debug, info, notice, warning, error

    var level: Logger.Level {
        switch self {
        case .debug: .debug
        case .info: .info
        case .notice: .notice
        case .warning: .warning
        case .error: .error
        }
    }
}

/// Writes one line an event to standard error.
struct LineLogHandler: LogHandler {
    let format: LogFormat
    let label: String
    var logLevel = Logger.Level.info
    var metadata: Logger.Metadata = [:]

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let fields = metadata.merging(event.metadata ?? [:]) { $1 }.sorted { $0.key < $1.key }
        let now = MachineClock.system.wall()
        switch format {
        case .text:
            let tail = fields.map { " \($0.key)=\(Self.quoted("\($0.value)"))" }.joined()
            let source = label == "vitals" ? "" : "\(label): "
            StandardError.write("\(now.iso8601) \(event.level) \(source)\(event.message)\(tail)")
        case .json:
            let members: [(String, JSON)] = [
                ("at", JSON(now)), ("level", .string("\(event.level)")),
                ("logger", .string(label)), ("message", .string("\(event.message)")),
            ]
            StandardError.write(
                JSON(members: members + fields.map { ($0.key, .string("\($0.value)")) }).text)
        }
    }

    /// A value with blanks or quotes, or anything that would break the line, is written as a JSON string.
    private static func quoted(_ value: String) -> String {
        let isPlain =
            !value.isEmpty && value.utf8.allSatisfy { $0 > 0x20 && $0 != 0x22 && $0 != 0x3D && $0 != 0x7F }
        return isPlain ? value : JSON.string(value).text
    }
}
