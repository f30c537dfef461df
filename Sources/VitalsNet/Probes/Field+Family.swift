import VitalsEngine

extension Field {
    /// Which kind of address a target is reached by.
    static let family = Field(
        "family", .choice(IPFamily.allCases.map(\.rawValue)), usual: "any", "addresses to use")
}

extension Settings {
    /// What is written for `Field.family`.
    var family: IPFamily { text("family").flatMap(IPFamily.init(rawValue:)) ?? .any }
}
