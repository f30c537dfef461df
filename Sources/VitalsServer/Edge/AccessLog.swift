import Logging
import VitalsCore

/// One line a request, once its answer begins. It holds no path, for some paths hold tokens, and nothing of
/// queries and bodies: the route says what was asked for.
struct AccessLog: Sendable {
    /// What is written of one request.
    struct Entry: Equatable {
        let method: String
        /// As it was declared: `/api/v1/systems/{id}`; nothing: none is.
        let route: String?
        let status: Int
        /// Of the body; nothing while its length is not known, as of a stream.
        let bytes: Int?
        /// Until the answer began.
        let duration: Duration
        let client: Client
        let agent: String?

        var metadata: Logger.Metadata {
            var fields: Logger.Metadata = [
                "method": "\(RequestCounts.known(method))", "route": "\(route ?? RequestCounts.other)",
                "status": "\(status)", "ms": "\(Self.milliseconds(duration))",
                "client": "\(client.address?.description ?? "unknown")",
            ]
            if let bytes { fields["bytes"] = "\(bytes)" }
            if let agent { fields["agent"] = "\(agent.shown(upTo: Self.longestAgent))" }
            return fields
        }

        private static let longestAgent = 200

        /// With three digits behind the point.
        private static func milliseconds(_ duration: Duration) -> String {
            let microseconds = max(0, duration.microseconds)
            let rest = String(microseconds % 1_000)
            return "\(microseconds / 1_000).\(String(repeating: "0", count: 3 - rest.count))\(rest)"
        }
    }

    let logger: Logger

    func write(_ entry: Entry) {
        logger.info("request", metadata: entry.metadata)
    }
}
