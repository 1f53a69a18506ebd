using System.Text;

namespace DistTrain.Node.CommandLine;

/// <summary>Names between commas, quoted as in CSV where they hold commas or quotes themselves: "a,b",c.</summary>
static class NameList
{
    /// <summary>The names; empty ones are left out. A quote that is not closed reaches to the end.</summary>
    public static IEnumerable<string> Parse(string text)
    {
        var (name, isQuoted) = (new StringBuilder(), false);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '"' && isQuoted && i + 1 < text.Length && text[i + 1] == '"')
            {
                name.Append(text[i++]);
            }
            else if (text[i] == '"' && (isQuoted || name.Length == 0))
            {
                isQuoted = !isQuoted;
            }
            else if (text[i] == ',' && !isQuoted)
            {
                if (name.Length > 0) yield return name.ToString();
                name.Clear();
            }
            else
            {
                name.Append(text[i]);
            }
        }
        if (name.Length > 0) yield return name.ToString();
    }
}
