namespace DistTrain.Cli.Reports.Markup;

/// <summary>Tables as all sections have them: headings, rows, numbers to the right; wide ones scroll inside themselves.</summary>
static class Cells
{
    /// <summary>A table in a box of its own that scrolls.</summary>
    /// <param name="caption">What it shows; read out, not seen: a heading says it already.</param>
    /// <param name="headings">The first row: made with <see cref="Heading"/> or <see cref="NumberHeading"/>.</param>
    public static Element Table(string caption, IEnumerable<Content?> headings, IEnumerable<Content> rows) => new(
        "div", ("class", "scroll"), ("tabindex", "0"), ("role", "region"), ("aria-label", caption),
        new Element("table",
            new Element("thead", new Element("tr", headings)),
            new Element("tbody", rows)));

    /// <summary>A table that is shown when asked for: the numbers of a chart.</summary>
    public static Element Folded(string summary, params IEnumerable<Content?> content) =>
        new("details", [new Element("summary", summary), .. content]);

    public static Element Row(params IEnumerable<Content?> cells) => new("tr", cells);

    public static Element Heading(string text) => new("th", ("scope", "col"), text);

    public static Element NumberHeading(string text) => new("th", ("scope", "col"), ("class", "n"), text);

    /// <summary>Above bars that a narrow page does without.</summary>
    public static Element BarHeading() => new("td", ("class", "bar extra"));

    /// <summary>What a row is about: a name, which may be long.</summary>
    public static Element Name(string text) => new("th", ("scope", "row"), ("class", "name"), new Element("span", Breakable(Clipped.Name(text))));

    /// <summary>The heading of a column of numbers that somebody else has named.</summary>
    public static Element NumberName(string text) => new("th", ("scope", "col"), ("class", "n name"), new Element("span", Breakable(Clipped.Name(text))));

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

    public static Element Number(string text) => new("td", ("class", "n"), text);

    public static Element Words(params IEnumerable<Content?> content) => new("td", content);

    /// <summary>A line under a table or chart.</summary>
    public static Element Note(params IEnumerable<Content?> content) => new("p", [("class", "note"), .. content]);
}
