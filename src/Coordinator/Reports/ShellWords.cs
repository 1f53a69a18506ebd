using System.Text;

namespace DistTrain.Coordinator.Reports;

/// <summary>Words as a shell takes them back: POSIX quotes, and $'…' for what no line can hold.</summary>
static class ShellWords
{
    const string Plain = "@%+=:,./-_";

    public static string Join(IEnumerable<string> words) => string.Join(' ', words.Select(Quote));

    public static string Quote(string word)
    {
        if (word.Length > 0 && word.All(c => char.IsAsciiLetterOrDigit(c) || Plain.Contains(c))) return word;
        return word.Any(char.IsControl) ? WithEscapes(word) : $"'{word.Replace("'", "'\\''")}'";
    }

    /// <summary>The form of bash and zsh that has escapes.</summary>
    static string WithEscapes(string word)
    {
        var quoted = new StringBuilder("$'");
        foreach (var c in word)
        {
            if (c == '\t') quoted.Append("\\t");
            else if (c == '\n') quoted.Append("\\n");
            else if (c is '\\' or '\'') quoted.Append('\\').Append(c);
            else if (char.IsControl(c)) quoted.Append($"\\u{(int)c:x4}");
            else quoted.Append(c);
        }
        return quoted.Append('\'').ToString();
    }
}
