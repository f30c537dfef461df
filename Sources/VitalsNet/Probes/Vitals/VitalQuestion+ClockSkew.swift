import VitalsCore

extension VitalQuestion.Answer {
    /// How far the server's clock is from ours: against the middle between question and answer; where these
    /// lie far apart it says nothing.
    ///
    /// - Parameter there: what time it is there, in seconds since 1970; nothing: it did not say.
    func skew(of there: Double?) -> Vital {
        func unknown(_ reason: String) -> Vital {
            Vital("clock_skew_seconds", nil, unit: "s", reason: reason)
        }
        guard let there, let askedAt else { return unknown("the server did not say") }
        guard took < .seconds(1) else { return unknown("the answer took too long to tell") }
        let here = Double((askedAt + took / 2).microseconds) / 1_000_000
        return Vital("clock_skew_seconds", (there - here).magnitude, unit: "s")
    }
}
