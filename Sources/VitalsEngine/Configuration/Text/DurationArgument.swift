/// A duration given on the command line.
package enum DurationArgument {
    /// Reads `500ms`, `5s`, `1m`; from 10 ms to 10 min.
    ///
    /// - Throws: what was found and what was meant.
    package static func timeout(_ text: String) throws(TargetError) -> Duration {
        try parse(text, of: "--timeout", in: .milliseconds(10)...Duration.seconds(600))
    }

    /// Likewise from 100 ms to a day.
    package static func interval(_ text: String) throws(TargetError) -> Duration {
        try parse(text, of: "--interval", in: .milliseconds(100)...Duration.seconds(86_400))
    }

    private static func parse(
        _ text: String, of flag: String, in range: ClosedRange<Duration>
    ) throws(TargetError) -> Duration {
        do {
            return try DurationText.parse(Given(text), in: range)
        } catch {
            throw TargetError("\(flag): \(error.message)")
        }
    }
}
