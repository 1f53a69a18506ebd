using DistTrain.Data.Tables.Parsing;

namespace DistTrain.Data.Tables.Detection;

/// <summary>Whether a text looks like LIBSVM: labels, then index:value pairs separated by white space.</summary>
static class LibsvmPattern
{
    const int LinesMax = 50;

    /// <summary>All of the first lines fit, and at least one has a pair.</summary>
    /// <param name="linesMax">Lines that are looked at.</param>
    public static bool Matches(TextSample sample, int linesMax = LinesMax)
    {
        var text = sample.Text.AsSpan();
        var pairs = 0;
        for (var line = 0; line < linesMax && !text.IsEmpty; line++)
        {
            var end = text.IndexOf('\n');
            if (end < 0 && !sample.IsWhole && line > 0) break;
            if (!LineFits(end < 0 ? text : text[..end], isCut: end < 0 && !sample.IsWhole, ref pairs)) return false;
            text = end < 0 ? [] : text[(end + 1)..];
        }
        return pairs > 0;
    }

    static bool LineFits(ReadOnlySpan<char> line, bool isCut, ref int pairs)
    {
        if (line.IndexOf('#') is var comment && comment >= 0) line = line[..comment];
        if (isCut) line = line[..(line.LastIndexOf(' ') + 1)];
        var isFirst = true;
        foreach (var range in line.SplitAny(" \t\r"))
        {
            var token = line[range];
            if (token.IsEmpty) continue;
            var isPair = IsPair(token);
            if (!isPair && !(isFirst && !token.Contains(':'))) return false;
            if (isPair) pairs++;
            isFirst = false;
        }
        return true;
    }

    static bool IsPair(ReadOnlySpan<char> token)
    {
        var colon = token.IndexOf(':');
        return colon > 0
            && (!token[..colon].ContainsAnyExceptInRange('0', '9') || token[..colon] is "qid")
            && DecimalText.Read(token[(colon + 1)..], out _) is NumberKind.Finite or NumberKind.NotFinite;
    }
}
