namespace DistTrain.Coordinator.Reports;

/// <summary>Texts of others, cut where a page would have no room for them.</summary>
static class Clipped
{
    /// <summary>A name of a class, a column, a level or a file.</summary>
    public static string Name(string text) => To(text, 120);

    /// <summary>A sentence.</summary>
    public static string Line(string text) => To(text, 400);

    /// <summary>Up to so many characters; what is cut ends with "…".</summary>
    public static string To(string text, int lengthMax)
    {
        if (text.Length <= lengthMax) return text;
        var end = char.IsHighSurrogate(text[lengthMax - 2]) ? lengthMax - 2 : lengthMax - 1;
        return text[..end] + "…";
    }
}
