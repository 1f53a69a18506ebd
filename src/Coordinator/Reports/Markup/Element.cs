using System.Text;

namespace DistTrain.Coordinator.Reports.Markup;

/// <summary>An element with its attributes and content; nulls among them are left out.</summary>
sealed class Element(string name, params IEnumerable<Content?> content) : Content
{
    /// <summary>Elements without an end tag in HTML.</summary>
    static readonly HashSet<string> Voids = ["meta", "wbr"];

    /// <summary>Elements that begin a line, so that people can read the source.</summary>
    static readonly HashSet<string> Blocks =
    [
        "head", "meta", "title", "body", "header", "main", "nav", "section", "h1", "h2", "h3", "p", "ul", "li", "dl", "div", "figure",
        "svg", "details", "table", "thead", "tbody", "tr",
    ];

    public override void Write(StringBuilder page)
    {
        var nodes = content.OfType<Content>().ToList();
        if (Blocks.Contains(name)) page.Append('\n');
        page.Append('<').Append(name);
        foreach (var attribute in nodes.OfType<Attribute>()) attribute.Write(page);
        if (Voids.Contains(name))
        {
            page.Append("/>");
            return;
        }
        page.Append('>');
        foreach (var node in nodes.Where(node => node is not Attribute)) node.Write(page);
        page.Append("</").Append(name).Append('>');
    }
}
