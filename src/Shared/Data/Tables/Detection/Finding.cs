namespace DistTrain.Data.Tables.Detection;

/// <summary>Lines that tell what was detected or guessed: a word, then what was found.</summary>
static class Finding
{
    const int WordWidth = 10;

    public static string Of(string word, string found) => word.PadRight(WordWidth) + found;
}
