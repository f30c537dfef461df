/// What is asked of the pages of documentation.
enum DocumentRules {
    /// The targets of links in a Markdown text that lead to files, without their anchors.
    static func localLinks(in text: String) -> [String] {
        text.matches(of: /\]\(([^)\s]+)\)/).map { String($0.output.1) }
            .filter { !$0.contains("://") && !$0.hasPrefix("#") && !$0.hasPrefix("mailto:") }
            .map { String($0.prefix { $0 != "#" }) }
    }

    /// Links of the page at `path` that lead nowhere.
    static func brokenLinks(in text: String, at path: String, exists: (String) -> Bool) -> [String] {
        let folder = path.split(separator: "/").dropLast().map(String.init)
        return localLinks(in: text).filter { link in
            var parts = link.hasPrefix("/") ? [] : folder
            for part in link.split(separator: "/") {
                switch part {
                case ".": break
                case "..": _ = parts.popLast()
                default: parts.append(String(part))
                }
            }
            return !exists(parts.joined(separator: "/"))
        }
    }

    /// The keys and environment variables that the code of the configuration asks for: the texts in
    /// `keys: [...]`, `...Keys = [...]`, `variable: "..."` and `Field("..."`.
    static func settings(in text: String) -> Set<String> {
        let lists = text.matches(of: /[kK]eys(?:: |: \[String\] = | = )\[([^\]]*)\]/).map(\.output.1)
        let keys = lists.flatMap { $0.matches(of: /"([a-z_]+)"/).map { String($0.output.1) } }
        let variables = text.matches(of: /variable: "([A-Z_]+)"/).map { String($0.output.1) }
        let fields = text.matches(of: /Field\(\s*"([a-z0-9_]+)"/).map { String($0.output.1) }
        return Set(keys + variables + fields)
    }

    /// Those of `settings` that a page does not show as code: `` `key` ``, `` `section.key` ``, ``
    /// `key.inner` ``.
    static func undocumented(_ settings: Set<String>, in page: String) -> [String] {
        settings.filter { name in
            ["`\(name)`", ".\(name)`", "`\(name)."].allSatisfy { !page.contains($0) }
        }.sorted()
    }
}
