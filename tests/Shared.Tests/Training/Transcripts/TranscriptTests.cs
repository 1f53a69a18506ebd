namespace DistTrain.Shared.Tests.Training.Transcripts;

/// <summary>Histories of runs, written down to be read: a change in what a run decides shows as a difference in a text.</summary>
public class TranscriptTests
{
    static string Folder => Path.Combine(AppContext.BaseDirectory, "Training", "Transcripts");

    public static TheoryData<string> Names =>
        [.. Directory.GetFiles(Folder, "*.txt").Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal)];

    /// <summary>
    /// Where it does not, what it does is written beside the copy of the transcript, as <c>.actual</c>, to be compared and taken.
    /// </summary>
    [Theory, MemberData(nameof(Names))]
    public void A_run_does_what_its_transcript_says(string name)
    {
        var file = Path.Combine(Folder, $"{name}.txt");
        var (expected, actual) = (File.ReadAllText(file), TranscriptPlayer.Play(File.ReadAllText(file)));
        if (expected != actual) File.WriteAllText(Path.ChangeExtension(file, ".actual"), actual);
        Assert.Equal(expected, actual, ignoreLineEndingDifferences: true);
    }

    [Fact]
    public void There_are_transcripts() => Assert.True(Directory.GetFiles(Folder, "*.txt").Length >= 8);
}
