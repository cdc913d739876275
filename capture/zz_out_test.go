package capture
import ("testing";"os";"github.com/pion/webrtc/v4/pkg/media/oggwriter";"github.com/pion/rtp")
func TestOut(t *testing.T){
 v:=unpaced(t,VideoConfig{}); f,_:=os.Create("/tmp/capture/o.h264")
 for range 90 { f.Write(sample(t,v).Data) }; f.Close()
 a,err:=OpenAudio(AudioConfig{Device:"test",Log:quiet}); if err!=nil{t.Fatal(err)}
 o,_:=oggwriter.New("/tmp/capture/o.ogg",48000,1)
 for i:=range 100 { s:=sample(t,a); o.WriteRTP(&rtp.Packet{Header:rtp.Header{Timestamp:uint32(i*960)},Payload:s.Data}) }
 o.Close(); a.Close()
}
