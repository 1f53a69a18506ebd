namespace DistTrain.Cli.Tests.BadInput;

/// <summary>Every kind of bad or odd input, and the exact answer to it, written down to be read.</summary>
public class TranscriptTests
{
    static string Folder => Path.Combine(AppContext.BaseDirectory, "BadInput", "Transcripts");

    public static TheoryData<string> Names =>
        [.. Directory.GetFiles(Folder, "*.txt").Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal)];

    /// <summary>
    /// Where it does not, what it answers is written beside the copy of the transcript, as <c>.actual</c>, to be compared and taken.
    /// </summary>
    [Theory, MemberData(nameof(Names))]
    public async Task Input_gets_the_answer_of_its_transcript(string name)
    {
        var file = Path.Combine(Folder, $"{name}.txt");
        using var player = new TranscriptPlayer();
        var (expected, actual) = (await File.ReadAllTextAsync(file), await player.Play(await File.ReadAllTextAsync(file)));
        if (expected != actual) await File.WriteAllTextAsync(Path.ChangeExtension(file, ".actual"), actual);
        Assert.Equal(expected, actual, ignoreLineEndingDifferences: true);
    }

    [Fact]
    public void There_are_transcripts() => Assert.True(Directory.GetFiles(Folder, "*.txt").Length >= 40);
}
