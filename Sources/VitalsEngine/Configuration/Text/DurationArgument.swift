/// A duration given on the command line.
package enum DurationArgument {
    /// Reads `500ms`, `5s`, `1m`; from 10 ms to 10 min.
    ///
    /// - Throws: what was found and what was meant.
    package static func timeout(_ text: String) throws(TargetError) -> Duration {
        do {
            return try DurationText.parse(Given(text), in: .milliseconds(10)...Duration.seconds(600))
        } catch {
            throw TargetError("--timeout: \(error.message)")
        }
    }
}
