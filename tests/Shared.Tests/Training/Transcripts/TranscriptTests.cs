namespace DistTrain.Shared.Tests.Training.Transcripts;

/// <summary>Histories of runs, written down to be read: a change in what a run decides shows as a difference in a text.</summary>
public class TranscriptTests
{
    static string Folder => Path.Combine(AppContext.BaseDirectory, "Training", "Transcripts");

    public static TheoryData<string> Names =>
        [.. Directory.GetFiles(Folder, "*.txt").Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal)];

    [Theory, MemberData(nameof(Names))]
    public void A_run_does_what_its_transcript_says(string name)
    {
        var expected = File.ReadAllText(Path.Combine(Folder, $"{name}.txt"));
        Assert.Equal(expected, TranscriptPlayer.Play(expected), ignoreLineEndingDifferences: true);
    }

    [Fact]
    public void There_are_transcripts() => Assert.True(Directory.GetFiles(Folder, "*.txt").Length >= 8);
}
