import VitalsCore

extension ConfigurationReading {
    /// `renamed_from` of something.
    struct FormerName {
        let former: String
        let value: Value
    }

    mutating func formerName(of section: Section, _ id: String?) -> FormerName? {
        guard let value = section["renamed_from"], let former = slug(value) else { return nil }
        guard former != id else {
            report(value, "is its own id; write the one that it had before")
            return nil
        }
        return FormerName(former: former, value: value)
    }

    /// A name that something has cannot be a former one, nor can two have had it.
    ///
    /// - Parameter existing: where what there is stands, by its id.
    mutating func refuse(_ names: [FormerName], what: String, existing: [String: TextPosition]) {
        var claims: [String: TextPosition] = [:]
        for name in names {
            let position = name.value.node.position
            let shown = Self.shown(name.value)
            if let first = existing[name.former] {
                let place = place(of: first, seenFrom: position)
                report(name.value, "\(shown) is the id of another \(what) still (\(place)); one is too many")
            } else if let first = claims[name.former] {
                let place = place(of: first, seenFrom: position)
                report(name.value, "\(shown) is the former id of another \(what) (\(place))")
            }
            claims[name.former] = position
        }
    }
}
