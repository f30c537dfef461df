extension String {
    /// Without blanks, tabs and line ends around it.
    var trimmed: String {
        let isBlank: (UInt8) -> Bool = { $0 == 0x20 || (0x09...0x0D).contains($0) }
        guard let first = utf8.firstIndex(where: { !isBlank($0) }),
            let last = utf8.lastIndex(where: { !isBlank($0) })
        else { return "" }
        return first == startIndex && utf8.index(after: last) == endIndex ? self : String(self[first...last])
    }

    /// On one line, without what cannot be seen, cut to so many bytes at a character's end.
    package func shown(upTo limit: Int) -> String {
        if utf8.count <= limit, utf8.allSatisfy({ (0x20..<0x7F).contains($0) }) { return self }
        var shown = String.UnicodeScalarView()
        var room = limit
        for scalar in unicodeScalars {
            let visible = scalar.visible
            room -= UTF8.width(visible)
            guard room >= 0 else {
                shown.append("…")
                break
            }
            shown.append(visible)
        }
        return String(shown)
    }
}

extension Unicode.Scalar {
    fileprivate var visible: Unicode.Scalar {
        switch properties.generalCategory {
        case .lineSeparator, .paragraphSeparator: " "
        case .control: self == "\n" || self == "\r" || self == "\t" ? " " : "\u{FFFD}"
        case .format, .surrogate, .privateUse: "\u{FFFD}"
        default: self
        }
    }
}
