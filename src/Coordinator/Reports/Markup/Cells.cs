namespace DistTrain.Coordinator.Reports.Markup;

/// <summary>The parts that tables and what stands around them are made of.</summary>
static class Cells
{
    public static Element Heading(string text) => new("th", ("scope", "col"), text);

    public static Element NumberHeading(string text) => new("th", ("scope", "col"), ("class", "n"), text);

    /// <summary>The heading of a column of numbers that somebody else has named.</summary>
    public static Element NumberName(string text) =>
        new("th", ("scope", "col"), ("class", "n name"), new Element("span", Breakable(Clipped.Name(text))));

    /// <summary>What a row is about: a name, which may be long.</summary>
    public static Element Name(string text) =>
        new("th", ("scope", "row"), ("class", "name"), new Element("span", Breakable(Clipped.Name(text))));

    public static Element Number(string text) => new("td", ("class", "n"), text);

    /// <summary>A box that scrolls where its content is wider than the page.</summary>
    public static Element Scrolling(string label, Element content) =>
        new("div", ("class", "scroll"), ("tabindex", "0"), ("role", "region"), ("aria-label", label), content);

    /// <summary>Something that is shown when asked for: the numbers of a chart.</summary>
    public static Element Folded(string summary, params IEnumerable<Content?> content) =>
        new("details", [new Element("summary", summary), .. content]);

    /// <summary>A line under a table or chart.</summary>
    public static Element Note(string text) => new("p", ("class", "note"), text);

    /// <summary>A picture under its name and what else is to be said of it.</summary>
    public static Element Figure(string name, string about, Element picture) =>
        new("figure", new Element("figcaption", new Element("b", name), $" {about}"), picture);

    /// <summary>A long name with places where a line may end: after what separates its parts.</summary>
    static IEnumerable<Content> Breakable(string text)
    {
        var start = 0;
        for (var end = 1; end < text.Length; end++)
        {
            if (!"=_,;/".Contains(text[end - 1])) continue;
            yield return text[start..end];
            yield return new Element("wbr");
            start = end;
        }
        yield return text[start..];
    }
}
