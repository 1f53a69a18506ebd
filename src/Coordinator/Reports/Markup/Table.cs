using System.Text;

namespace DistTrain.Coordinator.Reports.Markup;

/// <summary>A table that says each column once, heading and cell together; a wide one scrolls inside itself.</summary>
/// <param name="caption">What it shows; read out, not seen: a heading says it already.</param>
sealed class Table<T>(string caption, IEnumerable<T> rows) : Content
{
    readonly IReadOnlyList<T> _rows = [.. rows];
    readonly List<(Element Heading, Func<T, Element> CellOf)> _columns = [];
    Func<T, bool> _isStrong = _ => false;

    /// <summary>A name of something, which may be long.</summary>
    public Table<T> Name(string heading, Func<T, string> textOf) => Add(Cells.Heading(heading), row => Cells.Name(textOf(row)));

    /// <summary>Left out where no row has any.</summary>
    public Table<T> Words(string heading, Func<T, string?> textOf) => _rows.All(row => textOf(row) is null) ? this
        : Add(Cells.Heading(heading), row => new Element("td", textOf(row) ?? ""));

    /// <summary>To the right, digit under digit. Left out where no row has any.</summary>
    public Table<T> Number(string heading, Func<T, string?> textOf) => _rows.All(row => textOf(row) is null) ? this
        : Add(Cells.NumberHeading(heading), row => Cells.Number(textOf(row) ?? ""));

    /// <summary>Bars that show the number beside them.</summary>
    /// <param name="isExtra">A narrow page does without them.</param>
    public Table<T> Bar(Func<T, Element> barOf, bool isExtra = true)
    {
        var style = isExtra ? "bar extra" : "bar";
        return Add(new Element("td", ("class", style)), row => new Element("td", ("class", style), barOf(row)));
    }

    public Table<T> Cell(string heading, Func<T, Element> cellOf) => Add(Cells.Heading(heading), cellOf);

    /// <summary>Which rows stand out.</summary>
    public Table<T> Strong(Func<T, bool> isStrong)
    {
        _isStrong = isStrong;
        return this;
    }

    public override void Write(StringBuilder page) => Cells.Scrolling(caption, new Element("table",
        new Element("thead", new Element("tr", _columns.Select(column => column.Heading))),
        new Element("tbody", _rows.Select(RowOf)))).Write(page);

    Element RowOf(T row) => new("tr",
        [_isStrong(row) ? ("class", "strong") : null, .. _columns.Select(column => column.CellOf(row))]);

    Table<T> Add(Element heading, Func<T, Element> cellOf)
    {
        _columns.Add((heading, cellOf));
        return this;
    }
}
